#pragma once

#include <immintrin.h>

#include <cstdint>

namespace impasto {

// What both tile kernels do with the tiles 0 to 3, their sums: 16 x 16 f32 each. The numbers of
// tiles must be literals: hence no loops over them. (For files compiled for AMX only.)

constexpr int64_t sum_tile = 256;  ///< f32
constexpr int64_t sum_row_bytes = 64;

static inline void zero_sums() {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

static inline void store_sums(float* sums) {
  _tile_stored(0, sums, sum_row_bytes);
  _tile_stored(1, sums + sum_tile, sum_row_bytes);
  _tile_stored(2, sums + 2 * sum_tile, sum_row_bytes);
  _tile_stored(3, sums + 3 * sum_tile, sum_row_bytes);
}

}  // namespace impasto
