#include "impasto/result_size.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/number_text.h"
#include "base/promise.h"
#include "image/size.h"
#include "impasto/error.h"
#include "options/checks.h"
#include "options/sides.h"

namespace impasto {

namespace {

constexpr double least_percent = 1, most_percent = 1000;

// The frame's width or height, whichever is filled first. In whole numbers: exact.
Size fitted(const Size& photo, const ResultSize& frame) {
  const bool across = int64_t{frame.width} * photo.height <= int64_t{frame.height} * photo.width;
  const int64_t to = across ? frame.width : frame.height;
  const int64_t from = across ? photo.width : photo.height;
  const auto side = [&](int64_t v) {
    return static_cast<int>(std::max<int64_t>(1, (2 * v * to + from) / (2 * from)));
  };
  return {side(photo.width), side(photo.height)};
}

Size scaled(const Size& photo, const ResultSize& share) {
  const auto side = [&](int v) {
    const double pixels = std::max(1.0, std::round(v * share.percent / 100));
    if (pixels <= largest_side) return static_cast<int>(pixels);
    throw Error(ErrorCode::usage, "size " + share.text() + ": expected at most " +
                                      std::to_string(largest_side) + " pixels a side, found " +
                                      std::to_string(std::llround(pixels)));
  };
  return {side(photo.width), side(photo.height)};
}

}  // namespace

std::optional<Size> parse_sides(const std::string& text) {
  const std::string_view all = text;
  const size_t cross = all.find('x');
  const auto width = number_in<int>(all.substr(0, cross));
  const auto height = cross == all.npos ? width : number_in<int>(all.substr(cross + 1));
  const auto fits = [](std::optional<int> side) {
    return side && *side >= 1 && *side <= largest_side;
  };
  if (!fits(width) || !fits(height)) return {};
  return Size{*width, *height};
}

ResultSize parse_result_size(const std::string& text) {
  ResultSize size;
  if (text == "0") return size;
  if (const auto sides = parse_sides(text)) return {sides->width, sides->height};
  if (text.ends_with('%')) {
    const auto percent = number_in<double>(std::string_view(text).substr(0, text.size() - 1));
    size.percent = percent.value_or(0);
  }
  if (size.percent >= least_percent && size.percent <= most_percent) return size;
  throw Error(ErrorCode::usage,
              "size: expected 1 to " + std::to_string(largest_side) +
                  " pixels of the longer side (1200) or to fit into (1200x800), a share from 1% to "
                  "1000%, or 0, found '" +
                  text + "'");
}

std::string ResultSize::text() const {
  if (percent > 0) {
    char digits[32];
    return std::string(digits, std::to_chars(digits, digits + sizeof digits, percent).ptr) + "%";
  }
  return width == height ? std::to_string(width) : text_of(Size{width, height});
}

Size result_size(const PictureHeader& photograph, const ResultSize& wanted) try {
  if (photograph.empty()) throw Error(ErrorCode::input, "the photograph is empty");
  const Size photo = size_of(photograph);
  if (!wanted.given()) return photo;
  const Size size = wanted.percent > 0 ? scaled(photo, wanted) : fitted(photo, wanted);
  check_size(size, wanted.text());
  return size;
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
