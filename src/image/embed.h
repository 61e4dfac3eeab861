#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "image/resolution.h"

namespace impasto::embed {

using Bytes = std::vector<uint8_t>;

/// What travels with the pixels: an ICC profile, a bare EXIF block, an XMP packet and IPTC records;
/// any may be empty.
struct Metadata {
  std::span<const uint8_t> icc;
  std::span<const uint8_t> exif;
  std::string_view xmp;
  std::span<const uint8_t> iptc = {};  ///< bare records
  Resolution resolution = {};          ///< that of `exif`, for JPEG and PNG
};

/// The largest XMP packet that a JPEG can hold (one APP1 segment).
constexpr size_t max_jpeg_xmp = 65'502;

/// Put the metadata into a freshly encoded file without any. (libvips would take the EXIF block
/// apart and drop what it cannot name, prefixes it in WebP, and has no EXIF in PNG.)
/// A block that does not fit a JPEG's segment is left out.
void into_jpeg(Bytes& file, const Metadata& metadata);
/// PNG and WebP have no place for IPTC records.
void into_png(Bytes& file, const Metadata& metadata);
/// `width`, `height` and `has_alpha` describe the picture inside.
void into_webp(Bytes& file, const Metadata& metadata, int width, int height, bool has_alpha);

}  // namespace impasto::embed
