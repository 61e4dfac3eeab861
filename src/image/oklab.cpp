#include "image/oklab.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/isa.h"

namespace impasto {

namespace {

constexpr float tolerated = 5e-4f;  // beyond sRGB, in linear light: less than 8 bits can show
constexpr int halvings = 12;

// x^(1/n) of a positive number: a guess from the exponent, then Newton's method. Two or three
// steps reach all digits of a float, and unlike pow the compiler can do many at once.
template <int n>
IMPASTO_INLINE float root(float x) {
  constexpr float share = 1.0f / n;
  constexpr auto one = static_cast<float>(std::bit_cast<int32_t>(1.0f));
  const auto bits = static_cast<float>(std::bit_cast<int32_t>(x));
  auto y = std::bit_cast<float>(static_cast<int32_t>(one + share * (bits - one)));
  for (int step = 0; step < 3; ++step) {
    const float square = y * y;
    const float power = n == 3 ? square : n == 4 ? square * y : square * square;
    y += share * (x / power - y);
  }
  return y;
}

// What is not a number becomes 0.
IMPASTO_INLINE float in_range(float v) {
  return std::min(1.0f, std::max(0.0f, v));
}

// sRGB's curve (IEC 61966-2-1) and its inverse; 2.4 = 2 + 2 / 5, and 1 / 2.4 = (1 + 1 / 4) / 3.
IMPASTO_INLINE float to_linear(float v) {
  const float straight = v / 12.92f;
  const float x = (std::max(v, 0.04f) + 0.055f) / 1.055f, fifth = root<5>(x);
  return v <= 0.04045f ? straight : x * x * fifth * fifth;
}
IMPASTO_INLINE float to_srgb(float v) {
  const float third = root<3>(std::max(v, 0.003f));
  return v <= 0.0031308f ? 12.92f * v : 1.055f * third * root<4>(third) - 0.055f;
}

IMPASTO_INLINE void to_linear_rgb(float l, float a, float b, float* rgb) {
  const float x = l + 0.3963377774f * a + 0.2158037573f * b;
  const float y = l - 0.1055613458f * a - 0.0638541728f * b;
  const float z = l - 0.0894841775f * a - 1.2914855480f * b;
  const float long_ = x * x * x, medium = y * y * y, short_ = z * z * z;
  rgb[0] = 4.0767416621f * long_ - 3.3077115913f * medium + 0.2309699292f * short_;
  rgb[1] = -1.2684380046f * long_ + 2.6097574011f * medium - 0.3413193965f * short_;
  rgb[2] = -0.0041960863f * long_ - 0.7034186147f * medium + 1.7076147010f * short_;
}

bool displayable(const float* linear) {
  const auto [low, high] = std::minmax({linear[0], linear[1], linear[2]});
  return low >= -tolerated && high <= 1 + tolerated;
}

// The most colourful of its lightness and hue that sRGB has; of grey it has all.
void to_gamut(float l, float a, float b, float* linear) {
  float low = 0, high = 1;
  for (int i = 0; i < halvings; ++i) {
    const float middle = (low + high) / 2;
    to_linear_rgb(l, middle * a, middle * b, linear);
    (displayable(linear) ? low : high) = middle;
  }
  to_linear_rgb(l, low * a, low * b, linear);
}

void all_to_oklab(const float* rgb, int64_t pixels, float* lab) {
  vectorised([=] {
    for (int64_t i = 0; i < 3 * pixels; ++i) {
      lab[i] = to_linear(in_range(rgb[i]));
    }
    for (int64_t i = 0; i < 3 * pixels; i += 3) {
      const float r = lab[i], g = lab[i + 1], b = lab[i + 2];
      const float x = root<3>(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
      const float y = root<3>(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
      const float z = root<3>(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);
      lab[i] = 0.2104542553f * x + 0.7936177850f * y - 0.0040720468f * z;
      lab[i + 1] = 1.9779984951f * x - 2.4285922050f * y + 0.4505937099f * z;
      lab[i + 2] = 0.0259040371f * x + 0.7827717662f * y - 0.8086757660f * z;
    }
  });
}

void all_to_srgb(int64_t n, float* v) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) v[i] = to_srgb(in_range(v[i]));
  });
}

}  // namespace

void to_oklab(const float* rgb, int64_t pixels, float* lab) {
  all_to_oklab(rgb, pixels, lab);
}

void from_oklab(const float* lab, int64_t pixels, float* rgb) {
  for (int64_t i = 0; i < 3 * pixels; i += 3) {
    const float l = std::clamp(lab[i], 0.0f, 1.0f), a = lab[i + 1], b = lab[i + 2];
    to_linear_rgb(l, a, b, rgb + i);
    if (!displayable(rgb + i)) to_gamut(l, a, b, rgb + i);
  }
  all_to_srgb(3 * pixels, rgb);
}

}  // namespace impasto
