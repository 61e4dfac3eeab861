#pragma once

#include <bit>
#include <map>
#include <string>
#include <vector>

#include "image/samples.h"

namespace impasto::test {

using Planes = std::map<std::string, std::vector<float>>;  // by channel

/// A little writer after the OpenEXR file layout: scan lines of FLOAT, not compressed.
class ExrWriter {
 public:
  Bytes file(int width, int height, const Planes& planes) {
    number(4, 20000630);
    number(4, 2);
    std::string list;
    for (const auto& [name, plane] : planes) {
      list += name + std::string("\0\2\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0", 17);
    }
    const std::string zero(1, '\0'), window = little({0, 0, width - 1, height - 1});
    attribute("channels", "chlist", list + zero);
    attribute("compression", "compression", zero);
    attribute("dataWindow", "box2i", window);
    attribute("displayWindow", "box2i", window);
    attribute("lineOrder", "lineOrder", zero);
    attribute("pixelAspectRatio", "float", little({std::bit_cast<int>(1.0f)}));
    attribute("screenWindowCenter", "v2f", little({0, 0}));
    attribute("screenWindowWidth", "float", little({std::bit_cast<int>(1.0f)}));
    number(1, 0);
    const size_t row = planes.size() * static_cast<size_t>(width) * 4;
    const size_t rows = bytes_.size() + size_t{8} * height;
    for (int y = 0; y < height; ++y) number(8, rows + y * (row + 8));
    for (int y = 0; y < height; ++y) {
      number(4, static_cast<uint64_t>(y));
      number(4, row);
      for (const auto& [name, plane] : planes) {
        for (int x = 0; x < width; ++x) {
          number(4, std::bit_cast<uint32_t>(plane[static_cast<size_t>(y) * width + x]));
        }
      }
    }
    return bytes_;
  }

 private:
  void number(int size, uint64_t value) {
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<uint8_t>(value >> (8 * i)));
  }
  void text(const std::string& s) { bytes_.insert(bytes_.end(), s.begin(), s.end()); }
  static std::string little(const std::vector<int>& values) {
    std::string s;
    for (const int v : values) {
      for (int i = 0; i < 4; ++i) s += static_cast<char>(static_cast<unsigned>(v) >> (8 * i));
    }
    return s;
  }
  void attribute(const std::string& name, const std::string& type, const std::string& value) {
    text(name + '\0' + type + '\0');
    number(4, value.size());
    text(value);
  }

  Bytes bytes_;
};

}  // namespace impasto::test
