#include "image/png_chunks.h"

#include <algorithm>

namespace impasto::png {

std::span<const uint8_t> chunk(std::span<const uint8_t> file, std::string_view name) {
  constexpr size_t around = 12;  // size, name and checksum
  const auto called = [&](std::string_view wanted) {
    return std::equal(wanted.begin(), wanted.end(), file.begin() + 4);
  };
  file = file.subspan(std::min(file.size(), signature.size()));
  while (file.size() >= around && !called("IDAT")) {
    size_t size = 0;
    for (size_t i = 0; i < 4; ++i) size = size << 8 | file[i];
    if (size > file.size() - around) break;
    if (called(name)) return file.subspan(8, size);
    file = file.subspan(around + size);
  }
  return {};
}

}  // namespace impasto::png
