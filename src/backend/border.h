#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "backend/backend.h"

namespace impasto {

/// Source index of padded position `i` (which may be negative or beyond `size`); -1 stands for
/// zero. Reflection does not repeat the edge pixel and bounces as often as a small picture needs.
inline int64_t border_index(int64_t i, int64_t size, PadMode mode) {
  if (i >= 0 && i < size) return i;
  switch (mode) {
    case PadMode::zero:
      return -1;
    case PadMode::circular:
      return ((i % size) + size) % size;
    case PadMode::reflect:
      break;
  }
  if (size == 1) return 0;
  const int64_t period = 2 * (size - 1);
  const int64_t m = ((i % period) + period) % period;
  return m < size ? m : period - m;
}

/// The two source positions and the weight of the second for one output position of a bilinear
/// resampling with aligned pixel centres.
struct LinearTap {
  int64_t low, high;
  double weight;
};

/// At the border: circular, or the outermost position again.
inline LinearTap linear_tap(int64_t i, int64_t src, int64_t dst,
                            PadMode border = PadMode::reflect) {
  const double exact =
      (static_cast<double>(i) + 0.5) * static_cast<double>(src) / static_cast<double>(dst) - 0.5;
  if (border == PadMode::circular) {
    const auto low = static_cast<int64_t>(std::floor(exact));
    return {border_index(low, src, border), border_index(low + 1, src, border),
            exact - static_cast<double>(low)};
  }
  const double at = std::max(0.0, exact);
  const int64_t low = std::min(static_cast<int64_t>(at), src - 1);
  return {low, std::min(low + 1, src - 1), std::min(at - static_cast<double>(low), 1.0)};
}

/// Source position of a nearest-neighbour resampling (PyTorch's "nearest").
inline int64_t nearest_tap(int64_t i, int64_t src, int64_t dst) {
  return std::min(i * src / dst, src - 1);
}

}  // namespace impasto
