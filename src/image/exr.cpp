#include "image/exr.h"

#include <vips/vips.h>

namespace impasto::exr {

bool is_bounded(std::span<const uint8_t> file) {
  constexpr size_t longest_name = 256;
  constexpr uint8_t several_parts = 0x10;  // in the second byte of the flags
  if (file.size() < 9) return false;
  size_t at = 8;
  const auto skip_text = [&] {  // false: too long, or without an end
    const size_t begin = at;
    while (at < file.size() && file[at] != 0) ++at;
    return at++ < file.size() && at - begin <= longest_name;
  };
  do {  // one header after another; an empty one is the last
    while (at < file.size() && file[at] != 0) {
      if (!skip_text() || !skip_text() || file.size() - at < 4) return false;
      uint32_t size = 0;
      for (size_t i = 4; i-- > 0;) size = size << 8 | file[at + i];
      at += 4;
      if (size > file.size() - at) return false;
      at += size;
    }
    ++at;
  } while ((file[5] & several_parts) != 0 && at < file.size() && file[at] != 0);
  return at < file.size();
}

vips::Picture open(const std::string& path) {
  VipsImage* out = nullptr;
  if (vips_openexrload(path.c_str(), &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                       VIPS_FAIL_ON_ERROR, nullptr) != 0) {
    return nullptr;
  }
  const vips::Picture loaded(out);
  // Files hold colours times alpha, and libvips leaves them so, but up to 8.14 gives alpha as
  // 0..255.
  const bool small = vips_version(0) > 8 || (vips_version(0) == 8 && vips_version(1) >= 15);
  const double opaque = small ? 1 : 255;
  if (vips_unpremultiply(loaded.get(), &out, "max_alpha", opaque, nullptr) != 0) return nullptr;
  const vips::Picture straight(out);
  const double factors[] = {1, 1, 1, 1 / opaque}, offsets[] = {0, 0, 0, 0};
  if (vips_linear(straight.get(), &out, factors, offsets, 4, nullptr) != 0) return nullptr;
  return vips::Picture(out);
}

}  // namespace impasto::exr
