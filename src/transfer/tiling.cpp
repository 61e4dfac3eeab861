#include "transfer/tiling.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"

namespace impasto {

std::vector<Cut> cut_side(int64_t length, int64_t window, int64_t halo) {
  std::vector<Cut> cuts;
  for (int64_t begin = 0; begin < length;) {
    const int64_t start = std::clamp<int64_t>(begin - halo, 0, length - window);
    const int64_t end = start + window == length ? length : start + window - halo;
    cuts.push_back({start, begin, end});
    begin = end;
  }
  return cuts;
}

int64_t even_window(int64_t length, int64_t longest) {
  if (longest >= length) return length;
  for (int64_t count = 2;; ++count) {
    const int64_t window = (length + 2 * painter_halo * (count - 1) + count - 1) / count;
    const int64_t rounded = (window + 15) / 16 * 16;
    if (rounded <= longest) return rounded;
  }
}

std::vector<Tile> TiledPicture::tiles(int64_t halo) const {
  std::vector<Tile> result;
  for (const Cut& y : cut_side(height, window_height, halo)) {
    for (const Cut& x : cut_side(width, window_width, halo)) result.push_back({y, x});
  }
  return result;
}

Tensor core_of(const Tensor& features, const Tile& tile, int64_t step, Tensor& room) {
  const int64_t y = (tile.y.begin - tile.y.start) / step, h = (tile.y.end - tile.y.begin) / step;
  const int64_t x = (tile.x.begin - tile.x.start) / step, w = (tile.x.end - tile.x.begin) / step;
  const Shape& s = features.shape();
  if (h == s.h() && w == s.w()) return features;
  const Shape shape{1, h, w, s.c()};
  if (room.dtype() != features.dtype() || room.size() < shape.size()) {
    room = Tensor({shape.size()}, features.dtype());
  }
  const Tensor core = room.slice(0, shape);
  const auto pixel = static_cast<int64_t>(size_of(features.dtype())) * s.c();
  parallel_for(h, 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto* from =
          static_cast<const std::byte*>(features.raw()) + ((y + i) * s.w() + x) * pixel;
      std::memcpy(static_cast<std::byte*>(core.raw()) + i * w * pixel, from,
                  static_cast<size_t>(w * pixel));
    }
  });
  return core;
}

FeatureStatistics together(const FeatureStatistics& a, const FeatureStatistics& b) {
  if (a.positions == 0) return b;
  FeatureStatistics sum{a.channels, a.positions + b.positions, a.mean, a.covariance};
  const double share = b.positions / sum.positions;
  const auto c = static_cast<size_t>(a.channels);
  for (size_t i = 0; i < c; ++i) {
    for (size_t j = 0; j < c; ++j) {
      const size_t k = i * c + j;
      sum.covariance[k] = (1 - share) * a.covariance[k] + share * b.covariance[k] +
                          share * (1 - share) * (b.mean[i] - a.mean[i]) * (b.mean[j] - a.mean[j]);
    }
  }
  for (size_t i = 0; i < c; ++i) sum.mean[i] += share * (b.mean[i] - a.mean[i]);
  return sum;
}

}  // namespace impasto
