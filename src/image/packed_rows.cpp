#include "image/packed_rows.h"

#include <cstring>

#include "image/quantise.h"

namespace impasto {

size_t sample_bytes(Samples samples) {
  return samples == Samples::f32 ? 4 : samples == Samples::u8 ? 1 : 2;
}

void pack(Samples samples, int x, int y, int count, const float* from, void* to) {
  const int64_t n = int64_t{3} * count;
  if (samples == Samples::u8) {
    to_8_bits(from, x, y, count, static_cast<uint8_t*>(to));
  } else if (samples == Samples::u16) {
    to_16_bits(from, n, static_cast<uint16_t*>(to));
  } else {
    to_16_bits(from, n, static_cast<uint16_t*>(to), wide_low, wide_span);
  }
}

void unpack(Samples samples, const void* from, int64_t n, float* to) {
  if (samples == Samples::u8) {
    from_bits(static_cast<const uint8_t*>(from), n, to);
  } else {
    from_bits(static_cast<const uint16_t*>(from), n, to);
    if (samples == Samples::wide) {
      for (int64_t i = 0; i < n; ++i) to[i] = wide_low + wide_span * to[i];
    }
  }
}

size_t PackedRows::row_bytes(const PictureHeader& picture) {
  return 3 * sample_bytes(picture.samples) * static_cast<size_t>(picture.width);
}

void PackedRows::pack(const PictureHeader& picture, int y, const float* rgb, uint8_t* to) {
  if (picture.samples == Samples::f32) {
    std::memcpy(to, rgb, row_bytes(picture));
  } else {
    impasto::pack(picture.samples, 0, y, picture.width, rgb, to);
  }
}

uint8_t* PackedRows::in_memory(int y) {
  const size_t place = static_cast<size_t>(y) * row_bytes();
  if (auto* floats = std::get_if<std::vector<float>>(&image_.pixels_)) {
    return reinterpret_cast<uint8_t*>(floats->data()) + place;
  }
  if (auto* words = std::get_if<std::vector<uint16_t>>(&image_.pixels_)) {
    return reinterpret_cast<uint8_t*>(words->data()) + place;
  }
  auto* bytes = std::get_if<std::vector<uint8_t>>(&image_.pixels_);
  return bytes != nullptr ? bytes->data() + place : nullptr;
}

void PackedRows::put(int y, int count, const uint8_t* from) {
  std::get<Image::PixelFile>(image_.pixels_)
      .write(static_cast<size_t>(y) * row_bytes(), static_cast<size_t>(count) * row_bytes(), from);
}

}  // namespace impasto
