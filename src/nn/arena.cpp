#include "nn/arena.h"

#include <algorithm>
#include <numeric>

namespace impasto {

size_t place_lifetimes(std::vector<Lifetime>& lifetimes) {
  constexpr size_t alignment = 64;
  std::vector<size_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return lifetimes[a].bytes > lifetimes[b].bytes; });

  size_t total = 0;
  std::vector<size_t> placed;  // by offset
  for (const size_t index : order) {
    Lifetime& item = lifetimes[index];
    const size_t bytes = (item.bytes + alignment - 1) / alignment * alignment;
    // The smallest gap that is large enough between those alive at the same time.
    size_t best = SIZE_MAX, best_gap = SIZE_MAX, end = 0;
    for (const size_t other_index : placed) {
      const Lifetime& other = lifetimes[other_index];
      if (other.last < item.first || item.last < other.first) continue;
      if (other.offset > end && other.offset - end >= bytes && other.offset - end < best_gap) {
        best = end;
        best_gap = other.offset - end;
      }
      end = std::max(end, other.offset + (other.bytes + alignment - 1) / alignment * alignment);
    }
    item.offset = best == SIZE_MAX ? end : best;
    total = std::max(total, item.offset + bytes);
    const auto at =
        std::upper_bound(placed.begin(), placed.end(), item.offset,
                         [&](size_t offset, size_t i) { return offset < lifetimes[i].offset; });
    placed.insert(at, index);
  }
  return total;
}

}  // namespace impasto
