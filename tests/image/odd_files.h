#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "image/samples.h"

namespace impasto::test {

/// Files that no library at hand writes, byte by byte.

/// A chunk of a PNG, with its checksum.
Bytes png_chunk(const std::string& name, const Bytes& content);
/// A PNG with chunks put between its header and its pixels.
Bytes with_chunks(Bytes png, const Bytes& chunks);
/// `value` in so many bytes, the highest first.
Bytes big_endian(int size, uint64_t value);
Bytes joined(std::initializer_list<Bytes> parts);
Bytes bytes_of(const std::string& text);

/// A TIFF of one picture, little-endian, its fields in any order.
class TiffWriter {
 public:
  /// Fields of SHORT (3), LONG (4), RATIONAL (5: numerators and denominators), FLOAT (11: its bits)
  /// numbers and of bytes (7).
  TiffWriter& field(int tag, int type, std::vector<uint32_t> values);
  /// Width, height, bits of each of so many samples, what they mean, and that they lie in one
  /// piece.
  TiffWriter& picture(int width, int height, int bits, int samples, int photometric);
  /// The file with the pieces that its strips or, with field 322, its tiles are.
  Bytes file(const std::vector<Bytes>& pieces) const;

 private:
  struct Field {
    int tag, type;
    std::vector<uint32_t> values;
  };
  std::vector<Field> fields_;
};

/// Numbers below 1 << bits, one after the other, the highest bit first; rows of so many begin on
/// whole bytes.
Bytes packed(const std::vector<uint32_t>& numbers, int bits, size_t row);

/// The mean of each channel, 0..255, of a picture's rows from `first` to `last`.
std::array<double, 3> mean(const Image& image, int first = 0, int last = -1);

}  // namespace impasto::test
