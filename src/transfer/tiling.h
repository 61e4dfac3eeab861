#pragma once

#include <functional>

#include "losses/loss.h"
#include "nn/tiling.h"

namespace impasto {

/// How far a network sees, rounded up to its coarsest step of 16 pixels: beyond that many pixels
/// from where a window was cut, features are those of the whole picture. The encoder's relu5_1 sees
/// 70 pixels; the decoder's convolutions reach 100 pixels farther.
constexpr int64_t encoder_halo = 80, painter_halo = 176;

/// The smallest side that a window should have where the picture is larger.
constexpr int64_t smallest_window = 512;

/// Which part of a picture counts: the guide of [height, width] positions of `step` x `step` pixels
/// each, the first of them at pixel (y, x) of the picture.
using PictureGuide =
    std::function<Guide(int64_t y, int64_t x, int64_t height, int64_t width, int64_t step)>;

}  // namespace impasto
