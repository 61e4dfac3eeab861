#pragma once

#include <cstdint>
#include <cstring>
#include <span>

namespace impasto::exif {

/// Numbers of a TIFF stream (TIFF 6.0, section 2) in its own byte order. Reads outside give 0 and
/// clear good().
class TiffStream {
 public:
  explicit TiffStream(std::span<const uint8_t> bytes) : bytes_(bytes) {
    little_ = bytes.size() >= 8 && std::memcmp(bytes.data(), "II*\0", 4) == 0;
    good_ = little_ || (bytes.size() >= 8 && std::memcmp(bytes.data(), "MM\0*", 4) == 0);
  }

  bool good() const { return good_; }
  bool little() const { return little_; }
  bool inside(uint64_t offset, uint64_t size) const {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }
  std::span<const uint8_t> run(uint64_t offset, uint64_t size) {
    if (!inside(offset, size)) good_ = false;
    return good_ ? bytes_.subspan(offset, size) : std::span<const uint8_t>{};
  }
  uint16_t u16(uint64_t offset) { return static_cast<uint16_t>(number(offset, 2)); }
  uint32_t u32(uint64_t offset) { return number(offset, 4); }

 private:
  uint32_t number(uint64_t offset, int size) {
    uint32_t value = 0;
    const auto bytes = run(offset, size);
    for (size_t i = 0; i < bytes.size(); ++i) {
      value = value << 8 | bytes[little_ ? bytes.size() - 1 - i : i];
    }
    return value;
  }

  std::span<const uint8_t> bytes_;
  bool little_ = false, good_ = false;
};

}  // namespace impasto::exif
