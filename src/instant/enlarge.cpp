#include "instant/enlarge.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/isa.h"
#include "canvas/strip.h"
#include "image/resize.h"

namespace impasto {

namespace {

constexpr double still_one = 1.3;  // times the first size: painted in one go
// Times the size before. By eye at 1024 and 2000 pixels as good as by twos, and crisper: every pass
// loses some of the last one's.
constexpr double most_at_once = 3;
// Judged by eye: how much of the photograph's finer detail the brush sees, and the frequencies up
// to which the small painting counts (1: the finest that it holds).
constexpr double seen_detail = 0.5;
constexpr double kept_band = 0.4;

void add_scaled(const float* addend, float k, int64_t n, float* sum) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) sum[i] += k * addend[i];
  });
}

void clamp(int64_t n, float* v) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) v[i] = std::min(std::max(v[i], 0.0f), 1.0f);
  });
}

// sum += k addend, brought to its size.
void add_resized(const Image& addend, float k, Image& sum, bool clamped = false) {
  const Resizer resizer(addend, sum.width(), sum.height());
  change_rows(sum, [&](int y, std::vector<float>& row, std::vector<float>& other,
                       std::vector<float>& room) {
    resizer.row(0, y, sum.width(), room, other.data());
    add_scaled(other.data(), k, static_cast<int64_t>(row.size()), row.data());
    if (clamped) clamp(static_cast<int64_t>(row.size()), row.data());
  });
}

}  // namespace

std::vector<Size> enlarging_sizes(const Size& result, int first) {
  const double whole = static_cast<double>(stroke_side(result)) / first;
  if (whole <= still_one) return {result};
  const int times = static_cast<int>(std::ceil(std::log(whole) / std::log(most_at_once)));
  std::vector<Size> sizes;
  for (int i = 0; i < times; ++i) {
    const double factor = std::pow(whole, static_cast<double>(i) / times - 1);
    sizes.push_back({std::max(1, static_cast<int>(std::lround(result.width * factor))),
                     std::max(1, static_cast<int>(std::lround(result.height * factor)))});
  }
  sizes.push_back(result);
  return sizes;
}

Image enlarge(const Image& painting, const Image& photo, double strength, const PaintAtOnce& paint,
              Storage storage) {
  const Samples samples = photo.samples() == Samples::f32 ? Samples::f32 : Samples::wide;
  const int width = photo.width(), height = photo.height();
  const auto detail = static_cast<float>(std::max(seen_detail, 1 - strength / 50));
  Image canvas(width, height, samples, storage);
  {
    // What it sees: the painting, and of the photograph what the painting's size could not hold.
    Image without = resize(painting, painting.width(), painting.height(), samples, storage);
    add_resized(photo, -detail, without);
    const Resizer enlarged(without, width, height);
    const auto read = [&](int x, int y, int count, float* to) {
      std::vector<float> room, row(static_cast<size_t>(count) * 3);
      enlarged.row(x, y, count, room, to);
      photo.read(x, y, count, row.data());
      add_scaled(row.data(), detail, int64_t{3} * count, to);
    };
    if (!paint({width, height, read}, canvas)) return canvas;
  }
  const auto band = [](int side) {
    return std::max(1, static_cast<int>(std::lround(side * kept_band)));
  };
  Image drift = resize(painting, band(painting.width()), band(painting.height()));
  add_resized(canvas, -1, drift);
  add_resized(drift, static_cast<float>(std::min(1.0, strength / 10)), canvas, true);
  return canvas;
}

}  // namespace impasto
