#include "image/exr.h"

#include <vips/vips.h>

#include <algorithm>

namespace impasto::exr {

bool looks_like_exr(std::span<const uint8_t> beginning) {
  static constexpr uint8_t magic[] = {0x76, 0x2f, 0x31, 0x01};
  return beginning.size() >= 4 && std::equal(magic, magic + 4, beginning.begin());
}

vips::Picture open(const std::string& path) {
  if (vips_type_find("VipsOperation", "openexrload") == 0) {
    vips_error("openexrload", "this libvips reads no OpenEXR");
    return nullptr;
  }
  VipsImage* out = nullptr;
  if (vips_openexrload(path.c_str(), &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                       VIPS_FAIL_ON_ERROR, nullptr) != 0) {
    return nullptr;
  }
  const vips::Picture loaded(out);
  // Files hold colours times alpha, and libvips leaves them so, but gives alpha as 0..255.
  if (vips_unpremultiply(loaded.get(), &out, "max_alpha", 255.0, nullptr) != 0) return nullptr;
  const vips::Picture straight(out);
  const double factors[] = {1, 1, 1, 1.0 / 255}, offsets[] = {0, 0, 0, 0};
  if (vips_linear(straight.get(), &out, factors, offsets, 4, nullptr) != 0) return nullptr;
  return vips::Picture(out);
}

}  // namespace impasto::exr
