#include "print.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "standard_input.h"
#include "words.h"

namespace impasto::cli {

namespace {

int first_failure = 0;  // errno

void flush() {
  if (std::fflush(stdout) != 0 && first_failure == 0) first_failure = errno;
}

}  // namespace

void print_line(const std::string& text) {
  std::printf("%s\n", text.c_str());
  flush();
}

void print_message(const std::string& text) {
  std::fprintf(stderr, "impasto: %s\n", with_flags(as_given(text)).c_str());
}

int check_printed(int status, int failed) {
  flush();
  const bool failed_before = std::ferror(stdout) != 0;
  // A full disk of another machine shows up only when the file is closed; nothing was to be printed
  // where there is no file at all.
  const bool closed = std::fclose(stdout) == 0 || errno == EBADF;
  if (!closed && first_failure == 0) first_failure = errno;
  if (!failed_before && first_failure == 0) return status;
  std::fprintf(stderr, "impasto: standard output: cannot be written%s%s\n",
               first_failure ? ": " : "", first_failure ? std::strerror(first_failure) : "");
  return status == 0 ? failed : status;
}

}  // namespace impasto::cli
