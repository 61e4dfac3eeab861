#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace impasto {

/// Pixels per inch of paper, each way; 0 where nobody told.
struct Resolution {
  double x = 0, y = 0;

  bool is_known() const { return x > 0 && y > 0; }
};

/// `found`, or nothing where that cannot be meant: 72 is what programs write when they do not know.
Resolution told(Resolution found);

/// What the header of a JPEG (JFIF), PNG (pHYs) or BMP tells. A ratio of sides alone is none.
Resolution resolution_in(std::span<const uint8_t> file);

namespace exif {

/// What a bare EXIF block, or a TIFF, tells.
Resolution resolution_in(std::span<const uint8_t> block);

/// Sets it in a block from normalised(), or begins one; with a directory at its end where the block
/// has no place for it. Nothing else moves.
void set_resolution(std::vector<uint8_t>& block, Resolution);

}  // namespace exif

}  // namespace impasto
