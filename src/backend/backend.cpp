#include "backend/backend.h"

#include <algorithm>
#include <numeric>

namespace impasto {

Footprint& Footprint::operator+=(const Footprint& other) {
  kept += other.kept;
  for (size_t i = 0; i < shared.size(); ++i) shared[i] = std::max(shared[i], other.shared[i]);
  return *this;
}

size_t Footprint::total() const {
  return std::accumulate(shared.begin(), shared.end(), kept);
}

Shape Conv2dDesc::dst() const {
  const auto extent = [&](int64_t size) { return (size + 2 * padding - kernel) / stride + 1; };
  return {src.n(), extent(src.h()), extent(src.w()), out_channels};
}

Shape Conv2dDesc::weights() const {
  return {out_channels, src.c() / groups, kernel, kernel};
}

Shape Pad2dDesc::dst() const {
  return {src.n(), src.h() + 2 * border, src.w() + 2 * border, src.c()};
}

Shape Pool2dDesc::dst() const {
  const auto extent = [&](int64_t length) { return std::max<int64_t>(1, length / size); };
  return {src.n(), extent(src.h()), extent(src.w()), src.c()};
}

Shape Upsample2dDesc::dst() const {
  return {src.n(), dst_h, dst_w, src.c()};
}

}  // namespace impasto
