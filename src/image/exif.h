#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace impasto::exif {

using Bytes = std::vector<uint8_t>;

/// The EXIF block of a photograph as a bare TIFF stream for upright sRGB pixels: orientation 1,
/// colour space sRGB, no thumbnail (it would show the photograph beside the painting). Everything
/// else stays byte for byte where it is, as maker notes need. Empty when `block` is no EXIF.
Bytes normalised(std::span<const uint8_t> block);

/// Sets the pixel size recorded in a block from normalised(), where it is recorded at all.
void set_size(Bytes& block, int width, int height);
/// Marks the colours as those of the file's own profile, where the block says anything about them.
void set_uncalibrated(Bytes& block);

/// TIFF has no EXIF block: its own directory holds the camera, the author and so on, and points to
/// a directory with the exposure. from_tiff collects these into a block ("" when there are none),
/// into_tiff adds those of a block, and bare IPTC records, to an encoded little-endian TIFF. Maker
/// notes cannot be moved and are left out. Both ignore what is malformed.
Bytes from_tiff(std::span<const uint8_t> file);
void into_tiff(Bytes& file, std::span<const uint8_t> block, std::span<const uint8_t> iptc = {});

/// What into_tiff changes: bytes to append to the file, and those to put in the place of its
/// pointer to the main directory; the pixels stay where they are. Both are empty for nothing.
struct TiffTail {
  static constexpr int pointer_place = 4;
  Bytes bytes, pointer;
};
void append(Bytes& file, const TiffTail&);
TiffTail tail_of_tiff(std::span<const uint8_t> file, std::span<const uint8_t> block,
                      std::span<const uint8_t> iptc);

}  // namespace impasto::exif
