#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "image/embed.h"

namespace impasto::jxl {

using Bytes = std::vector<uint8_t>;

/// Puts EXIF and XMP into the beginning of a freshly encoded JPEG XL, as boxes of its container
/// (ISO/IEC 18181-2), which a bare codestream gets around it; libvips 8.14 writes neither. The
/// profile is in the codestream.
void embed(Bytes& beginning, const embed::Metadata&);

/// The EXIF block, as it stands in a TIFF, and the XMP packet of a file; empty where it has none.
/// Compressed boxes are unpacked. Ignores what is malformed.
struct Boxes {
  Bytes exif, xmp;
};
Boxes read(std::span<const uint8_t> file);

}  // namespace impasto::jxl
