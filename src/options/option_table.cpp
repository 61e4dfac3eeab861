#include "options/option_table.h"

#include "impasto/error.h"

namespace impasto {

void refuse_value(const std::string& name, const std::string& expected, const std::string& found) {
  throw Error(ErrorCode::usage, name + ": expected " + expected + ", found '" + found + "'");
}

std::string text_of(double v) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, v).ptr;
  return {text, end};
}

}  // namespace impasto
