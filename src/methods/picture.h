#pragma once

#include <algorithm>

#include "impasto/image.h"
#include "tensor/tensor.h"

namespace impasto {

/// What networks see and what they paint is in sRGB's range. Colours of a wide profile beyond it
/// would be of a kind that they never met, and would come out as glaring spots.
inline float in_gamut(float v) {
  return std::clamp(v, 0.0f, 1.0f);
}

/// [1, h, w, 3] f32 from a picture's colours, and back; both clamped to 0..1.
Tensor to_tensor(const Image&);
Image to_image(const Tensor&);

/// The colours with `margin` pixels more on each side, mirrored at the frame, and without them.
Image with_margin(const Image&, int margin);
Image without_margin(const Image&, int margin);

}  // namespace impasto
