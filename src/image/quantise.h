#pragma once

#include <cstdint>

#include "image/rgb_profile.h"
#include "impasto/image.h"

namespace impasto {

/// Levels of 8 and 16 bits as numbers 0..1, by the same multiplication as libvips' when it reads.
void from_bits(const uint8_t*, int64_t count, float* to);
void from_bits(const uint16_t*, int64_t count, float* to);
/// Numbers from `low` to `low` + `span` to 65,535 steps, rounded to nearest; values outside are
/// clamped, not a number becomes `low`.
void to_16_bits(const float*, int64_t count, uint16_t* to, float low = 0, float span = 1);
/// A run of `count` RGB pixels from (x, y) on, to 8 bits. Values outside 0..1 are clamped, not a
/// number becomes black. Rounds to nearest; where that would show steps, in places that change by
/// less than a level and a half per pixel along the run, it dithers with interleaved gradient noise
/// (Jimenez 2014) instead. What is on a level already stays on it either way.
void to_8_bits(const float* rgb, int x, int y, int count, uint8_t* to);

/// The samples of a file: of how many channels, 3 (alpha, if any, goes over white) or 4, and of 8
/// or 16 bits (native byte order; alpha is never dithered). With a profile, colours are converted
/// from sRGB to it before.
struct FileSamples {
  int bands = 3;
  int bits = 8;
  const RgbProfile* profile = nullptr;

  size_t row_bytes(const Image&) const;
  void row(const Image&, int y, uint8_t* to) const;
};

}  // namespace impasto
