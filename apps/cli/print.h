#pragma once

#include <string>

namespace impasto::cli {

/// JSON as text. File names need not be UTF-8, JSON has to: what is not becomes U+FFFD.
template <class Json>
std::string text_of_json(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// A line on standard output, at once.
void print_line(const std::string& text);

/// A line on standard error: what the library says, in the words of the command line.
void print_message(const std::string& text);

template <class Json>
void print_json(const Json& json, int indent = -1) {
  print_line(text_of_json(json, indent));
}

/// The program's last word: what was printed on standard output has arrived there, or a line on
/// standard error says that it has not, and `failed` takes the place of a `status` of 0.
int check_printed(int status, int failed);

}  // namespace impasto::cli
