#include "impasto/result_size.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "impasto/error.h"

namespace impasto {

namespace {

constexpr int largest_side = 100'000;
constexpr double least_percent = 1, most_percent = 1000;

[[noreturn]] void refuse(const std::string& text) {
  throw Error(ErrorCode::usage,
              "--size: expected 1 to " + std::to_string(largest_side) +
                  " pixels of the longer side (1200) or to fit into (1200x800), a share from 1% to "
                  "1000%, or 0, found '" +
                  text + "'");
}

template <class T>
T number(const char* begin, const char* end, T low, T high, const std::string& whole) {
  T v{};
  const auto [stop, failed] = std::from_chars(begin, end, v);
  if (failed != std::errc() || stop != end || !(v >= low && v <= high)) refuse(whole);
  return v;
}

int scaled(int side, double factor) {
  return static_cast<int>(std::max(1.0, std::round(side * factor)));
}

}  // namespace

ResultSize parse_result_size(const std::string& text) {
  const char *begin = text.data(), *end = begin + text.size();
  ResultSize size;
  if (text.ends_with('%')) {
    size.percent = number(begin, end - 1, least_percent, most_percent, text);
    return size;
  }
  const char* cross = std::find(begin, end, 'x');
  if (cross == end) return {number(begin, end, 0, largest_side, text)};
  return {number(begin, cross, 1, largest_side, text),
          number(cross + 1, end, 1, largest_side, text)};
}

std::string text_of(const ResultSize& size) {
  if (size.percent > 0) {
    char text[32];
    return std::string(text, std::to_chars(text, text + sizeof text, size.percent).ptr) + "%";
  }
  const std::string width = std::to_string(size.width);
  return size.width == size.height ? width : width + "x" + std::to_string(size.height);
}

Size result_size(const Image& photograph, const ResultSize& wanted) {
  const int width = photograph.width(), height = photograph.height();
  if (!wanted.given()) return {width, height};
  Size size{0, 0};
  if (wanted.percent > 0) {
    size = {scaled(width, wanted.percent / 100), scaled(height, wanted.percent / 100)};
  } else {
    const double across = static_cast<double>(wanted.width) / width,
                 down = static_cast<double>(wanted.height) / height;
    size = across <= down ? Size{wanted.width, scaled(height, across)}
                          : Size{scaled(width, down), wanted.height};
  }
  if (std::max(size.width, size.height) > largest_side) {
    throw Error(ErrorCode::usage, "--size " + text_of(wanted) + ": expected at most " +
                                      std::to_string(largest_side) + " pixels a side, found " +
                                      std::to_string(size.width) + "x" +
                                      std::to_string(size.height));
  }
  return size;
}

}  // namespace impasto
