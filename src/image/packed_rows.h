#pragma once

#include <cstddef>
#include <cstdint>

#include "impasto/image.h"

namespace impasto {

// Colours as pictures keep them.

size_t sample_bytes(Samples);
/// What wide samples reach from, and how far.
constexpr float wide_low = -1, wide_span = 3;

/// `count` pixels of row y from column x on, floats to samples of fewer bits, as Image::write().
void pack(Samples, int x, int y, int count, const float* from, void* to);
/// n samples back to floats.
void unpack(Samples, const void* from, int64_t n, float* to);

/// A picture's rows of colours as it keeps them, so that they can go from process to process
/// without being converted.
class PackedRows {
 public:
  explicit PackedRows(Image& image) : image_(image) {}

  /// Where rows lie from row y on; nullptr when that is in a file,
  uint8_t* in_memory(int y);
  /// whose rows come here.
  void put(int y, int count, const uint8_t* from);

  static size_t row_bytes(const PictureHeader&);
  /// RGB of row y of such a picture, to row_bytes().
  static void pack(const PictureHeader&, int y, const float* rgb, uint8_t* to);

 private:
  size_t row_bytes() const { return row_bytes(image_); }

  Image& image_;
};

}  // namespace impasto
