#include "methods/enlarge.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/parallel.h"
#include "image/resize.h"
#include "methods/strip.h"

namespace impasto {

namespace {

constexpr double still_one = 1.3;  // times the first size: painted in one go
// Judged by eye: how much of the photograph's finer detail the brush sees, and the frequencies up
// to which the small painting counts (1: the finest that it holds).
constexpr double seen_detail = 0.5;
constexpr double kept_band = 0.4;

// Every row of `sum` with room for another picture's.
template <class Body>
void each_row(Image& sum, const Body& body) {
  const size_t n = static_cast<size_t>(sum.width()) * 3;
  parallel_for(sum.height(), 16, [&](int64_t begin, int64_t end) {
    std::vector<float> other(n), room;
    for (int y = static_cast<int>(begin); y < end; ++y) body(y, other, room);
  });
}

// sum += k addend, pixel by pixel.
void add(const Image& addend, float k, Image& sum) {
  each_row(sum, [&](int y, std::vector<float>& row, std::vector<float>&) {
    addend.read(0, y, sum.width(), row.data());
    for (size_t i = 0; i < row.size(); ++i) sum.row(y)[i] += k * row[i];
  });
}

// sum += k addend, enlarged.
void add_resized(const Image& addend, float k, Image& sum) {
  const Resizer resizer(addend, sum.width(), sum.height());
  each_row(sum, [&](int y, std::vector<float>& row, std::vector<float>& room) {
    resizer.row(0, y, sum.width(), room, row.data());
    for (size_t i = 0; i < row.size(); ++i) sum.row(y)[i] += k * row[i];
  });
}

void clamp(Image& image) {
  const int64_t row = int64_t{3} * image.width();
  parallel_for(image.height(), 16, [&](int64_t begin, int64_t end) {
    float* v = image.data();
    for (int64_t i = begin * row; i < end * row; ++i) v[i] = std::clamp(v[i], 0.0f, 1.0f);
  });
}

}  // namespace

std::vector<Size> enlarging_sizes(const Size& result, int first) {
  const double whole = static_cast<double>(stroke_side(result)) / first;
  if (whole <= still_one) return {result};
  const int doublings = static_cast<int>(std::ceil(std::log2(whole)));
  std::vector<Size> sizes;
  for (int i = 0; i < doublings; ++i) {
    const double factor = std::pow(whole, static_cast<double>(i) / doublings - 1);
    sizes.push_back({std::max(1, static_cast<int>(std::lround(result.width * factor))),
                     std::max(1, static_cast<int>(std::lround(result.height * factor)))});
  }
  sizes.push_back(result);
  return sizes;
}

Image enlarge(const Image& painting, const Image& photo, double strength,
              const PaintAtOnce& paint) {
  const auto detail = static_cast<float>(std::max(seen_detail, 1 - strength / 50));
  Image seen = resize(painting, photo.width(), photo.height());
  add(photo, detail, seen);
  add_resized(resize(photo, painting.width(), painting.height()), -detail, seen);
  Image painted = paint(std::move(seen));

  const auto band = [](int side) {
    return std::max(1, static_cast<int>(std::lround(side * kept_band)));
  };
  const int width = band(painting.width()), height = band(painting.height());
  Image drift = resize(painting, width, height);
  add(resize(painted, width, height), -1, drift);
  add_resized(drift, static_cast<float>(std::min(1.0, strength / 10)), painted);
  clamp(painted);
  return painted;
}

}  // namespace impasto
