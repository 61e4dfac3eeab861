#include "image/quantise.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"

namespace impasto {

namespace {

constexpr float smooth = 1.5f / 255;  // a smaller change from pixel to pixel can show as a step

float clamped(float value) {  // not a number becomes black
  return value >= 1 ? 1.0f : value > 0 ? value : 0.0f;
}

template <class T>
T rounded(float value) {
  constexpr float top = static_cast<float>(static_cast<T>(-1));
  return static_cast<T>(clamped(value) * top + 0.5f);
}

/// Thresholds between 0 and 1 that are spread evenly over any few neighbouring pixels. The ends are
/// left out, so that the rounding of colour conversions cannot push a value off its level.
float threshold(int x, int y, int channel) {
  // The pattern repeats far away; small numbers keep single precision exact enough.
  const auto at = [](int i, int shift) { return static_cast<float>((i + shift) % 1021); };
  const float inner = 0.06711056f * at(x, 47 * channel) + 0.00583715f * at(y, 17 * channel);
  const float outer = 52.9829189f * (inner - std::floor(inner));
  return 0.05f + 0.9f * (outer - std::floor(outer));
}

uint8_t dithered(float value, float limit) {
  return static_cast<uint8_t>(clamped(value) * 255.0f + limit);
}

/// One row of colours in the profile, over white where there is no room for alpha.
void compose(const Image& image, int y, bool flatten, const RgbProfile* profile,
             std::vector<float>& row) {
  std::copy_n(image.row(y), row.size(), row.begin());
  if (profile != nullptr) profile->from_srgb(row.data(), image.width());
  if (!flatten) return;
  const float* alpha = image.alpha.data() + static_cast<size_t>(y) * image.width();
  for (size_t i = 0; i < row.size(); ++i) row[i] = 1 + (clamped(row[i]) - 1) * alpha[i / 3];
}

template <class T>
void quantise_row(const Image& image, int y, const std::vector<float>& row, int bands, T* to) {
  const int last = image.width() - 1;
  for (int x = 0; x <= last; ++x, to += bands) {
    const float* here = row.data() + 3 * x;
    const float* before = row.data() + 3 * std::max(x - 1, 0);
    const float* after = row.data() + 3 * std::min(x + 1, last);
    for (int c = 0; c < 3; ++c) {
      const bool steps = sizeof(T) == 1 && std::abs(here[c] - before[c]) < smooth &&
                         std::abs(here[c] - after[c]) < smooth;
      to[c] = steps ? dithered(here[c], threshold(x, y, c)) : rounded<T>(here[c]);
    }
    if (bands == 4) {
      to[3] = rounded<T>(image.alpha[static_cast<size_t>(y) * image.width() + x]);
    }
  }
}

}  // namespace

std::vector<uint8_t> quantise(const Image& image, int bands, int bits, const RgbProfile* profile) {
  const bool flatten = bands == 3 && !image.alpha.empty();
  const size_t stride = static_cast<size_t>(image.width()) * bands * (bits / 8);
  std::vector<uint8_t> result(stride * image.height());
  parallel_for(image.height(), 16, [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<size_t>(image.width()) * 3);
    for (int y = static_cast<int>(begin); y < end; ++y) {
      compose(image, y, flatten, profile, row);
      uint8_t* to = result.data() + stride * y;
      if (bits == 16) {
        quantise_row(image, y, row, bands, reinterpret_cast<uint16_t*>(to));
      } else {
        quantise_row(image, y, row, bands, to);
      }
    }
  });
  return result;
}

}  // namespace impasto
