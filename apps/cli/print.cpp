#include "print.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace impasto::cli {

void print_line(const std::string& text) {
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

int check_printed(int status, int failed) {
  const bool before = std::ferror(stdout) != 0;
  errno = 0;
  // A full disk of another machine shows up only when the file is closed; nothing was to be printed
  // where there is no file at all.
  const bool flushed = std::fflush(stdout) == 0;
  const int reason = errno;
  const bool closed = std::fclose(stdout) == 0 || errno == EBADF;
  if (!before && flushed && closed) return status;
  const int why = reason != 0 ? reason : before ? 0 : errno;
  std::fprintf(stderr, "impasto: standard output: cannot be written%s%s\n", why ? ": " : "",
               why ? std::strerror(why) : "");
  return status == 0 ? failed : status;
}

}  // namespace impasto::cli
