#pragma once

#include "impasto/image.h"
#include "tensor/tensor.h"

namespace impasto {

/// [1, h, w, 3] f32 from a picture's colours, and back (clamped to 0..1).
Tensor to_tensor(const Image&);
Image to_image(const Tensor&);

/// The colours with `margin` pixels more on each side, mirrored at the frame, and without them.
Image with_margin(const Image&, int margin);
Image without_margin(const Image&, int margin);

}  // namespace impasto
