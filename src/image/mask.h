#pragma once

#include <cstdint>
#include <vector>

#include "impasto/image.h"

namespace impasto {

/// How much each pixel of a picture belongs to a part of it.
struct Mask {
  int width = 0, height = 0;
  std::vector<uint8_t> values;  ///< row by row; 255: wholly

  const uint8_t* row(int y) const { return values.data() + static_cast<size_t>(y) * width; }
  uint8_t* row(int y) { return values.data() + static_cast<size_t>(y) * width; }
  /// Whether there is nothing in it.
  bool empty() const;
};

/// How much of the picture it is, 0..1.
double share_of_all(const Mask&);

/// From a picture of a part, white on black: its grey times its opacity, brought to this size.
/// What is black or white within three hundredths is so wholly, whatever a lossy file or a resize
/// made of it.
Mask make_mask(const Image& picture, const Size&);

/// Fades towards what is not in it at all, inwards: over so many pixels from there it grows to what
/// it was. What was 0 stays 0, and the frame is no border.
void feather(Mask&, double pixels);

/// At another size, by the mean over the area of each pixel.
Mask resized(const Mask&, const Size&);

/// Of two masks of one size: in both, each softly; in `a` and not in `b`.
Mask both(Mask a, const Mask& b);
Mask without(Mask a, const Mask& b);
/// to += other, up to 255.
void add(Mask& to, const Mask& other);
/// share = 255 * part / whole; 0 where the whole is.
Mask share_of(Mask part, const Mask& whole);

/// canvas += mask * (picture - canvas), all of one size: where the mask is 0 the canvas keeps its
/// numbers, where it is 255 it gets the picture's.
void lay_over(Image& canvas, const Image& picture, const Mask&);

}  // namespace impasto
