#include "image/packed_rows.h"

#include <cstring>

namespace impasto {

size_t PackedRows::row_bytes() const {
  const size_t sample = image_.samples() == Samples::f32  ? 4
                        : image_.samples() == Samples::u8 ? 1
                                                          : 2;
  return 3 * sample * static_cast<size_t>(image_.width());
}

void PackedRows::pack(int y, const float* rgb, uint8_t* to) const {
  if (image_.samples() == Samples::f32) {
    std::memcpy(to, rgb, row_bytes());
  } else {
    image_.pack(0, y, image_.width(), rgb, to);
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
