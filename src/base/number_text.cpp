#include "base/number_text.h"

#include <array>
#include <charconv>

namespace impasto {

namespace {

std::string text_of(double value, std::chars_format format, int precision) {
  std::array<char, 400> text{};  // the largest has 309 digits before the point
  const auto result =
      std::to_chars(text.data(), text.data() + text.size(), value, format, precision);
  return {text.data(), result.ptr};
}

}  // namespace

std::string fixed(double value, int decimals) {
  return text_of(value, std::chars_format::fixed, decimals);
}

std::string significant(double value, int digits) {
  return text_of(value, std::chars_format::general, digits);
}

}  // namespace impasto
