#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace impasto {

// Numbers as text that files and pages hold: with a point, whatever language the program that uses
// this library speaks (setlocale, std::locale::global). printf, std::to_string of a fraction and
// streams would follow it.

/// So many digits behind the point.
std::string fixed(double, int decimals);
/// So many digits that count; large and small ones with an exponent, as %g has it.
std::string significant(double, int digits);

/// The number that a text is; nothing where it is none, or has more behind it.
template <class T>
std::optional<T> number_in(std::string_view text) {
  T v{};
  const char* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, v);
  if (failed != std::errc() || stop != end) return {};
  return v;
}

}  // namespace impasto
