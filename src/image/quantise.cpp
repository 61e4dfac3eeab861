#include "image/quantise.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/isa.h"

namespace impasto {

namespace {

constexpr float smooth = 1.5f / 255;  // a smaller change from pixel to pixel can show as a step

IMPASTO_INLINE float clamped(float value) {  // not a number becomes black
  return value >= 1 ? 1.0f : value > 0 ? value : 0.0f;
}

/// Thresholds between 0 and 1 that are spread evenly over any few neighbouring pixels. The ends are
/// left out, so that the rounding of colour conversions cannot push a value off its level.
IMPASTO_INLINE float threshold(int x, int y, int channel) {
  // The pattern repeats far away; small numbers keep single precision exact enough.
  const auto at = [](int i, int shift) { return static_cast<float>((i + shift) % 1021); };
  const float inner = 0.06711056f * at(x, 47 * channel) + 0.00583715f * at(y, 17 * channel);
  const float outer = 52.9829189f * (inner - std::floor(inner));
  return 0.05f + 0.9f * (outer - std::floor(outer));
}

// n samples of which those of the pixels before and after can be read, or stand for themselves.
void round_or_dither(const float* here, int64_t n, int64_t before, int64_t after,
                     const float* limits, uint8_t* to) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) {
      const bool steps = (std::abs(here[i] - here[i - before]) < smooth) &
                         (std::abs(here[i] - here[i + after]) < smooth);
      to[i] = static_cast<uint8_t>(clamped(here[i]) * 255.0f + (steps ? limits[i] : 0.5f));
    }
  });
}

void levels(const uint8_t* from, int64_t n, float* to) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) to[i] = static_cast<float>(from[i]) * (1.0f / 255);
  });
}

void levels(const uint16_t* from, int64_t n, float* to) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) to[i] = static_cast<float>(from[i]) * (1.0f / 65535);
  });
}

void round_to_16(const float* from, int64_t n, float low, float span, uint16_t* to) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) {
      to[i] = static_cast<uint16_t>(clamped((from[i] - low) / span) * 65535.0f + 0.5f);
    }
  });
}

/// One row of colours in the profile, over white where there is no room for alpha.
std::vector<float> composed(const Image& image, int y, bool flatten, const RgbProfile* profile) {
  std::vector<float> row(static_cast<size_t>(image.width()) * 3);
  image.read(0, y, image.width(), row.data());
  if (profile != nullptr) profile->from_srgb(row.data(), image.width());
  if (!flatten) return row;
  const float* alpha = image.alpha.data() + static_cast<size_t>(y) * image.width();
  for (size_t i = 0; i < row.size(); ++i) row[i] = 1 + (clamped(row[i]) - 1) * alpha[i / 3];
  return row;
}

template <class T>
void join_alpha(const std::vector<T>& colours, const float* alpha, T* to) {
  constexpr float top = static_cast<float>(static_cast<T>(-1));
  for (size_t i = 0; i < colours.size(); i += 3, to += 4) {
    std::copy_n(&colours[i], 3, to);
    to[3] = static_cast<T>(clamped(alpha[i / 3]) * top + 0.5f);
  }
}

}  // namespace

void from_bits(const uint8_t* from, int64_t count, float* to) {
  levels(from, count, to);
}

void from_bits(const uint16_t* from, int64_t count, float* to) {
  levels(from, count, to);
}

void to_16_bits(const float* from, int64_t count, uint16_t* to, float low, float span) {
  round_to_16(from, count, low, span, to);
}

void to_8_bits(const float* rgb, int x, int y, int count, uint8_t* to) {
  std::vector<float> limits(static_cast<size_t>(count) * 3);
  const int repeat = std::min(count, 1021);
  for (int i = 0; i < 3 * repeat; ++i)
    limits[static_cast<size_t>(i)] = threshold(x + i / 3, y, i % 3);
  for (size_t i = 3063; i < limits.size(); ++i) limits[i] = limits[i - 3063];
  const int64_t n = int64_t{3} * count;
  if (count == 1) return round_or_dither(rgb, 3, 0, 0, limits.data(), to);
  round_or_dither(rgb, 3, 0, 3, limits.data(), to);
  round_or_dither(rgb + 3, n - 6, 3, 3, limits.data() + 3, to + 3);
  round_or_dither(rgb + n - 3, 3, 3, 0, limits.data() + n - 3, to + n - 3);
}

size_t FileSamples::row_bytes(const Image& image) const {
  return static_cast<size_t>(image.width()) * bands * (bits / 8);
}

void FileSamples::row(const Image& image, int y, uint8_t* to) const {
  const bool flatten = bands == 3 && !image.alpha.empty();
  const std::vector<float> row = composed(image, y, flatten, profile);
  const int width = image.width();
  const float* alpha =
      bands == 4 ? image.alpha.data() + static_cast<size_t>(y) * image.width() : nullptr;
  const auto store = [&](auto* samples, const auto& quantise) {
    if (!alpha) return quantise(samples);
    std::vector<std::remove_pointer_t<decltype(samples)>> colours(row.size());
    quantise(colours.data());
    join_alpha(colours, alpha, samples);
  };
  if (bits == 16) {
    store(reinterpret_cast<uint16_t*>(to), [&](uint16_t* samples) {
      to_16_bits(row.data(), static_cast<int64_t>(row.size()), samples);
    });
  } else {
    store(to, [&](uint8_t* samples) { to_8_bits(row.data(), 0, y, width, samples); });
  }
}

}  // namespace impasto
