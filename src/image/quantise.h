#pragma once

#include <cstdint>
#include <vector>

#include "impasto/image.h"

namespace impasto {

/// Interleaved samples of 8 or 16 bits (native byte order) for a file: `bands` 3 (alpha, if any,
/// goes over white) or 4. Values outside 0..1 are clamped, not a number becomes black. Rounds to
/// nearest; where 8 bits would show steps, in places that change by less than a level and a half
/// per pixel along a row, it dithers with interleaved gradient noise (Jimenez 2014) instead. What
/// is on an 8-bit level already stays on it either way; alpha is never dithered.
std::vector<uint8_t> quantise(const Image&, int bands, int bits);

}  // namespace impasto
