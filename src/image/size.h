#pragma once

#include <algorithm>
#include <string>

#include "impasto/image.h"

namespace impasto {

inline Size size_of(const PictureHeader& picture) {
  return {picture.width, picture.height};
}
inline Size size_of(const Image& image) {
  return {image.width(), image.height()};
}
/// As in "640x480".
inline std::string text_of(const Size& size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}
inline bool same(const Size& a, const Size& b) {
  return a.width == b.width && a.height == b.height;
}
inline int longer_side(const Size& s) {
  return std::max(s.width, s.height);
}
inline size_t pixels_of(const Size& s) {
  return static_cast<size_t>(s.width) * static_cast<size_t>(s.height);
}

}  // namespace impasto
