#pragma once

#include <memory>

#include "backend/backend.h"
#include "backend/cpu/dnnl_context.h"

namespace impasto {

/// Weights in the layouts that the compiled primitives of one description prefer.
struct PackedConv : PreparedConv {
  dnnl::memory forward, backward;
  Tensor bias;
  std::shared_ptr<const PreparedConv> reference;  ///< f64 only
};

}  // namespace impasto
