#include "methods/enlarge.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "methods/picture.h"

namespace impasto {

namespace {

constexpr int first_size = 640;  // large enough for what is in a picture, small enough for strokes
constexpr double still_one = 1.25;  // times that: painted in one go
// Judged by eye: how much of the photograph's finer detail the brush sees, and the frequencies up
// to which the small painting counts (1: the finest that it holds).
constexpr double seen_detail = 0.5;
constexpr double kept_band = 0.4;

Size size_of(const Image& image) {
  return {image.width(), image.height()};
}

Image resized(const Image& image, const Size& size) {
  return resize(image, size.width, size.height);
}

// sum += k addend, pixel by pixel.
void add(const Image& addend, float k, Image& sum) {
  const int64_t row = int64_t{3} * sum.width();
  parallel_for(sum.height(), 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * row; i < end * row; ++i) sum.data()[i] += k * addend.data()[i];
  });
}

}  // namespace

std::vector<Size> enlarging_sizes(const Size& result) {
  const double whole = static_cast<double>(std::max(result.width, result.height)) / first_size;
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
  const Size small = size_of(painting), large = size_of(photo);
  const auto detail = static_cast<float>(std::max(seen_detail, 1 - strength / 50));
  Image seen = resized(painting, large);
  add(photo, detail, seen);
  add(resized(resized(photo, small), large), -detail, seen);
  Image painted = paint(seen);

  const Size band{std::max(1, static_cast<int>(std::lround(small.width * kept_band))),
                  std::max(1, static_cast<int>(std::lround(small.height * kept_band)))};
  Image drift = resized(painting, band);
  add(resized(painted, band), -1, drift);
  add(resized(drift, large), static_cast<float>(std::min(1.0, strength / 10)), painted);
  return to_image(to_tensor(painted));  // within 0..1 again
}

}  // namespace impasto
