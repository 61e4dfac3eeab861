#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace impasto {

/// A tensor that lives from step `first` to step `last`, both included.
struct Lifetime {
  size_t bytes = 0;
  int first = 0, last = 0;
  size_t offset = 0;  ///< out: its place in the arena
};

/// Gives every lifetime a place such that those that overlap in time do not overlap in memory, and
/// returns the arena's size. Greedy by size (Pisarchyk and Lee 2020, "Efficient memory management
/// for deep neural net inference"); places are aligned to 64 bytes.
size_t place_lifetimes(std::vector<Lifetime>& lifetimes);

}  // namespace impasto
