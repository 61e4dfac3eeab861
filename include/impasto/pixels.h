#pragma once

#include <cstddef>

#include "impasto/image.h"

namespace impasto {

/// How a program keeps a picture in memory of its own: rows of pixels, a pixel's channels side by
/// side, sRGB-encoded; alpha, if any, last and not multiplied into the colours.
struct PixelLayout {
  /// A channel of a pixel.
  enum class Channel {
    u8,   ///< 0..255
    u16,  ///< 0..65,535, in the machine's byte order
    f32,  ///< 0..1
  };

  int width = 0, height = 0;
  int channels = 3;  ///< 1: grey; 2: grey, alpha; 3: red, green, blue; 4: red, green, blue, alpha
  Channel channel = Channel::u8;
  /// Bytes from one row to the next; 0: rows without gaps. Negative where the first row lies last
  /// (pictures that are kept from the bottom up).
  std::ptrdiff_t row_bytes = 0;
};

/// A picture from such memory; `pixels` is the first pixel of the first row. Its colours are kept
/// in as many bits, and results painted from it have 16 bits a channel unless these have 8. Colours
/// that alpha hides are filled in, as fill_hidden() does; numbers that are not finite are taken for
/// 0. Throws Error{usage}: a layout that is none, or more than most_pixels.
Image image_from(const void* pixels, const PixelLayout&);

/// Writes a picture into such memory, of the picture's size: 3 or 4 channels, colours clamped to
/// 0..1 and rounded; opaque where the picture has no alpha, without it where the layout has none.
/// Throws Error{usage}: another size, or fewer channels.
void copy_pixels(const Image&, void* pixels, const PixelLayout&);

}  // namespace impasto
