#include "standard_input.h"

#include <unistd.h>

#include "impasto/error.h"
#include "impasto/streams.h"
#include "result_file.h"

namespace impasto::cli {

namespace {

constexpr int64_t most_bytes = int64_t{4} << 30;

std::string kept;  // the path to what came; "" before

}  // namespace

std::string input_path(const std::string& path, std::map<std::string, std::string>& names) {
  if (path != stream) return path;
  if (!kept.empty()) {
    throw Error(ErrorCode::usage, "- (standard input) is one picture, found it twice");
  }
  if (isatty(STDIN_FILENO)) {
    throw Error(ErrorCode::usage,
                "- is standard input: expected a picture from a pipe or a file, found a terminal");
  }
  kept = keep_input(STDIN_FILENO, "standard input", most_bytes);
  names[kept] = name_of_input(kept);
  return kept;
}

std::string name_of_input(const std::string& path) {
  return !kept.empty() && path == kept ? "stdin" : path;
}

std::string as_given(std::string text) {
  if (kept.empty()) return text;
  for (size_t at = 0; (at = text.find(kept, at)) != std::string::npos;) {
    text.replace(at, kept.size(), "standard input");
  }
  return text;
}

}  // namespace impasto::cli
