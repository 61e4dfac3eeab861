#pragma once

#include "impasto/image.h"
#include "tensor/tensor.h"

namespace impasto {

/// [1, h, w, 3] f32 from a picture's colours, and back (clamped to 0..1).
Tensor to_tensor(const Image&);
Image to_image(const Tensor&);

}  // namespace impasto
