#include "image/other_formats.h"

namespace impasto::test {

namespace {

std::string number(uint32_t value, int bytes, bool little) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    const int shift = 8 * (little ? i : bytes - 1 - i);
    text += static_cast<char>(uint64_t{value} >> shift & 255);
  }
  return text;
}

std::string little(uint32_t value, int bytes) {
  return number(value, bytes, true);
}
std::string big(uint32_t value, int bytes) {
  return number(value, bytes, false);
}

char red(int x) {
  return static_cast<char>(40 * x);
}
char green(int y) {
  return static_cast<char>(60 * y);
}
constexpr char blue = static_cast<char>(200);

char alpha_at(int x, int y) {
  return static_cast<char>(x == 0 && y == 0 ? 128 : 255);
}

}  // namespace

std::string bmp_file(int width, int height, int bits) {
  const bool alpha = bits == 32;
  const int stride = (width * bits / 8 + 3) / 4 * 4;
  const uint32_t header = alpha ? 108 : 40;
  std::string pixels;
  for (int y = height; y-- > 0;) {
    std::string row;
    for (int x = 0; x < width; ++x) {
      row += {blue, green(y), red(x)};
      if (alpha) row += alpha_at(x, y);
    }
    row.resize(static_cast<size_t>(stride));
    pixels += row;
  }
  const auto size = static_cast<uint32_t>(pixels.size());
  std::string file = "BM" + little(14 + header + size, 4) + little(0, 4) + little(14 + header, 4) +
                     little(header, 4) + little(static_cast<uint32_t>(width), 4) +
                     little(static_cast<uint32_t>(height), 4) + little(1, 2) +
                     little(static_cast<uint32_t>(bits), 2) + little(alpha ? 3 : 0, 4) +
                     little(size, 4) + little(2835, 4) + little(2835, 4) + little(0, 8);
  if (alpha) {
    file += little(0x00ff0000, 4) + little(0x0000ff00, 4) + little(0x000000ff, 4) +
            little(0xff000000, 4) + "BGRs" + std::string(48, '\0');
  }
  return file + pixels;
}

std::string tga_file(int width, int height, bool marked, bool packed) {
  std::string file = little(0, 2) + little(packed ? 10 : 2, 1) + std::string(9, '\0') +
                     little(static_cast<uint32_t>(width), 2) +
                     little(static_cast<uint32_t>(height), 2) + little(24, 1) + little(0x20, 1);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (packed) file += '\0';  // a run of one
      file += {blue, green(y), red(x)};
    }
  }
  if (marked) file += std::string(8, '\0') + "TRUEVISION-XFILE." + std::string(1, '\0');
  return file;
}

std::string psd_file(int width, int height, bool packed) {
  std::string file = "8BPS" + big(1, 2) + std::string(6, '\0') + big(3, 2) +
                     big(static_cast<uint32_t>(height), 4) + big(static_cast<uint32_t>(width), 4) +
                     big(8, 2) + big(3, 2) + std::string(12, '\0') + big(packed ? 1 : 0, 2);
  if (packed) {  // the size of each row, which is one run of literal bytes
    for (int row = 0; row < 3 * height; ++row) file += big(static_cast<uint32_t>(width + 1), 2);
  }
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < height; ++y) {
      if (packed) file += static_cast<char>(width - 1);
      for (int x = 0; x < width; ++x)
        file += channel == 0 ? red(x) : channel == 1 ? green(y) : blue;
    }
  }
  return file;
}

std::string qoi_file(int width, int height, bool alpha) {
  std::string file = "qoif" + big(static_cast<uint32_t>(width), 4) +
                     big(static_cast<uint32_t>(height), 4) + big(alpha ? 4 : 3, 1) + big(0, 1);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      file += {static_cast<char>(alpha ? 0xff : 0xfe), red(x), green(y), blue};
      if (alpha) file += alpha_at(x, y);
    }
  }
  return file + std::string(7, '\0') + '\1';
}

}  // namespace impasto::test
