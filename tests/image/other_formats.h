#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace impasto::test {

/// Files of formats that libvips does not write, of a picture whose pixel (x, y) is
/// (40 x, 60 y, 200), opaque but for the alpha 128 of pixel (0, 0) where there is alpha.
std::string bmp_file(int width, int height, int bits = 24);  ///< 24 or 32
/// `marked`: with the footer of version 2.0; `packed`: run-length coded.
std::string tga_file(int width, int height, bool marked, bool packed = false);
std::string psd_file(int width, int height, bool packed = false);
std::string qoi_file(int width, int height, bool alpha = false);

}  // namespace impasto::test
