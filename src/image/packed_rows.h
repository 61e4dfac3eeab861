#pragma once

#include <cstddef>
#include <cstdint>

#include "impasto/image.h"

namespace impasto {

/// A picture's rows of colours as it keeps them, so that they can go from process to process
/// without being converted. Of an outline, rows can be packed only.
class PackedRows {
 public:
  explicit PackedRows(Image& image) : image_(image) {}

  size_t row_bytes() const;
  /// RGB of row y, to row_bytes().
  void pack(int y, const float* rgb, uint8_t* to) const;
  /// Where rows lie from row y on; nullptr when that is in a file,
  uint8_t* in_memory(int y);
  /// whose rows come here.
  void put(int y, int count, const uint8_t* from);

 private:
  Image& image_;
};

}  // namespace impasto
