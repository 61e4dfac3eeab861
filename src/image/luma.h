#pragma once

namespace impasto {

/// Lightness 0..1 as sRGB encodes it (Rec. 709's luma).
inline float luma(const float* rgb) {
  return 0.2126f * rgb[0] + 0.7152f * rgb[1] + 0.0722f * rgb[2];
}

}  // namespace impasto
