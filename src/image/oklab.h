#pragma once

#include <cstdint>

namespace impasto {

// Oklab (Ottosson 2020, "A perceptual color space for image processing"): lightness, 0 black to 1
// white, and two axes of colour, green to red and blue to yellow, within some 0.3 of 0. What is
// equal in the last two is equal in hue and colourfulness to the eye, whatever its lightness.

/// Interleaved pixels, sRGB-encoded; values beyond 0..1 are clamped. May be done in place.
void to_oklab(const float* rgb, int64_t pixels, float* lab);

/// Back. A colour that sRGB lacks keeps its lightness and hue and loses as much of its colour as it
/// must; lightness beyond 0..1 is black or white. May be done in place.
void from_oklab(const float* lab, int64_t pixels, float* rgb);

}  // namespace impasto
