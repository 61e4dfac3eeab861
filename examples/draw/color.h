#pragma once

#include <cstdint>

#include "vec.h"

namespace impasto::draw {

/// 0xRRGGBB, as written on paper, to 0..1.
inline Vec3 rgb(uint32_t hex) {
  return {((hex >> 16) & 255) / 255.0f, ((hex >> 8) & 255) / 255.0f, (hex & 255) / 255.0f};
}

inline float luma(Vec3 c) {
  return 0.299f * c.x + 0.587f * c.y + 0.114f * c.z;
}
inline Vec3 saturate(Vec3 c, float amount) {
  return mix(Vec3{1, 1, 1} * luma(c), c, amount);
}

inline float to_linear(float v) {
  return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f);
}
inline float to_srgb(float v) {
  return v <= 0.0031308f ? v * 12.92f : 1.055f * std::pow(v, 1 / 2.4f) - 0.055f;
}
inline Vec3 to_linear(Vec3 c) {
  return {to_linear(c.x), to_linear(c.y), to_linear(c.z)};
}
inline Vec3 to_srgb(Vec3 c) {
  return {to_srgb(c.x), to_srgb(c.y), to_srgb(c.z)};
}

/// Scene light to display light with a soft shoulder (Narkowicz's fit of the ACES curve).
inline Vec3 tone_map(Vec3 c) {
  const auto curve = [](float v) {
    v = std::max(v, 0.0f);
    return clamp01(v * (2.51f * v + 0.03f) / (v * (2.43f * v + 0.59f) + 0.14f));
  };
  return {curve(c.x), curve(c.y), curve(c.z)};
}

}  // namespace impasto::draw
