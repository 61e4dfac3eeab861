#pragma once

#include <exception>

#include "image/quantise.h"
#include "image/vips.h"
#include "impasto/image.h"

namespace impasto {

/// The rows of a picture as libvips asks for them, on its threads, so that quantising goes on
/// beside encoding.
struct Rows {
  const Image& image;
  FileSamples samples;
  std::exception_ptr failure = nullptr;  ///< what ended them

  /// What they will yield; they have to outlive it. With the resolution that the picture's EXIF
  /// tells. A null picture when libvips refuses.
  vips::Picture as_picture();
};

}  // namespace impasto
