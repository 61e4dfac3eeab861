#include "report/html.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/number_text.h"
#include "image/encode.h"

namespace impasto {

namespace {

// Length of the well-formed UTF-8 character that begins `text` (Unicode 15, table 3-7), or 0.
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto follows = [&](size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned low = first == 0xe0 ? 0xa0 : 0x80, high = first == 0xed ? 0x9f : 0xbf;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned low = first == 0xf0 ? 0x90 : 0x80, high = first == 0xf4 ? 0x8f : 0xbf;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::string base64(const std::vector<uint8_t>& bytes) {
  static constexpr char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t have = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < have ? bytes[i + k] : 0u);
    for (size_t k = 0; k < 4; ++k) text += k <= have ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

}  // namespace

std::string html_text(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const size_t length = utf8_length(bytes);
    const std::string_view character = bytes.substr(0, std::max<size_t>(1, length));
    const auto first = static_cast<unsigned char>(character[0]);
    // U+FFFE and U+FFFF are no characters either, to XML.
    const bool control = (first < 0x20 && first != '\t' && first != '\n') || first == 0x7f ||
                         character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf";
    if (length == 0 || control) {
      text += "\xef\xbf\xbd";
    } else if (first == '&') {
      text += "&amp;";
    } else if (first == '<') {
      text += "&lt;";
    } else if (first == '>') {
      text += "&gt;";
    } else if (first == '"') {
      text += "&quot;";
    } else if (first == '\'') {
      text += "&#39;";
    } else {
      text += character;
    }
    bytes.remove_prefix(character.size());
  }
  return text;
}

std::string html_number(double value) {
  if (!std::isfinite(value)) return "\xe2\x80\x93";
  const double size = std::abs(value);
  return size >= 1e4 && size < 1e6 ? fixed(value, 0) : significant(value, 4);
}

std::string picture_url(const Image& image, int longer_side) {
  if (image.empty()) return "";
  const int longer = std::max(image.width(), image.height());
  const Size size =
      longer > longer_side ? scaled_to(image, longer_side) : Size{image.width(), image.height()};
  Image small = resize(image, size.width, size.height);
  small.metadata.clear();  // where a photograph was taken is nobody's business here
  const bool jpeg = small.alpha.empty();
  return (jpeg ? "data:image/jpeg;base64," : "data:image/png;base64,") +
         base64(jpeg ? encode(small, FileFormat::jpeg, {90, ""}, "", "the report")
                     : encode_png(small));
}

}  // namespace impasto
