#pragma once

#include <cstdint>
#include <vector>

#include "image/rgb_profile.h"
#include "impasto/image.h"

namespace impasto {

/// Interleaved samples of 8 or 16 bits (native byte order) for a file: `bands` 3 (alpha, if any,
/// goes over white) or 4. Values outside 0..1 are clamped, not a number becomes black. Rounds to
/// nearest; where 8 bits would show steps, in places that change by less than a level and a half
/// per pixel along a row, it dithers with interleaved gradient noise (Jimenez 2014) instead. What
/// is on an 8-bit level already stays on it either way; alpha is never dithered. With a profile,
/// colours are converted from sRGB to it before.
std::vector<uint8_t> quantise(const Image&, int bands, int bits,
                              const RgbProfile* profile = nullptr);

}  // namespace impasto
