#pragma once

#include <memory>

#include "backend/backend.h"
#include "backend/cpu/dnnl_context.h"
#include "backend/cpu/tile_conv.h"

namespace impasto {

/// Weights for our own kernel where it suits, else in the layouts that the compiled primitives of
/// one description prefer.
struct PackedConv : PreparedConv {
  std::shared_ptr<const TileConv> tiles_forward, tiles_backward;
  dnnl::memory forward, backward;
  /// For bands that are shorter by a row, mostly the same memory: where they prefer another layout,
  /// oneDNN may have nothing but its reference for this one.
  dnnl::memory shorter_forward, shorter_backward;
  Tensor bias;
  std::shared_ptr<const PreparedConv> reference;  ///< f64 only
};

}  // namespace impasto
