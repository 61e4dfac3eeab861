#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace impasto {

/// Sums of channels and of their products on the matrix units, on the calling thread, between
/// configure_tiles() of a full depth and release_tiles() (tile_product.h). Channels: 16 or a
/// multiple of 32. `room` is for 2 x c x pixels numbers, the pixels rounded up to 32. Of the
/// products [c, c] those above the diagonal's blocks of 32 x 32 count: below nothing is written.
void tile_moments(const bfloat16* features, int64_t pixels, int64_t c, bfloat16* room, float* sums,
                  float* products);

inline bool tile_moments_suit(int64_t c) {
  return c == 16 || c % 32 == 0;
}

}  // namespace impasto
