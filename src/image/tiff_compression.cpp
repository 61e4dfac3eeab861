#include "image/tiff_compression.h"

#include <algorithm>
#include <array>
#include <vector>

namespace impasto {

namespace {

constexpr uint16_t compression_tag = 259;

class Numbers {
 public:
  explicit Numbers(const InputFile& file) : file_(file) {
    little_ = at(0, 1) == 'I';
    big_ = at(2, 2) == 43;  // BigTIFF: all places take 8 bytes
  }

  bool big() const { return big_; }

  uint64_t at(uint64_t place, size_t bytes) const {
    std::array<uint8_t, 8> raw{};
    uint64_t value = 0;
    if (file_.read(std::min(place, file_.size()), bytes, raw.data()) < bytes) return 0;
    for (size_t i = 0; i < bytes; ++i) value = value << 8 | raw[little_ ? bytes - 1 - i : i];
    return value;
  }

 private:
  const InputFile& file_;
  bool little_ = true, big_ = false;
};

}  // namespace

const char* unsafe_compression(const InputFile& file) {
  const Numbers number(file);
  const size_t width = number.big() ? 8 : 4, entry = number.big() ? 20 : 12;
  const uint64_t directory = number.at(number.big() ? 8 : 4, width);
  const size_t head = number.big() ? 8 : 2;
  const uint64_t count = std::min<uint64_t>(number.at(directory, head), 4096);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t place = directory + head + i * entry;
    if (number.at(place, 2) != compression_tag) continue;
    switch (number.at(place + 4 + width, 2)) {
      case 33003:  // Aperio's, with and without another set of colours
      case 33004:
      case 33005:
      case 34712:
        return "JPEG 2000";
      default:
        return nullptr;
    }
  }
  return nullptr;
}

}  // namespace impasto
