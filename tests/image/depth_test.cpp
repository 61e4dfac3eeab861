// 16 bits in and out, and what becomes of them in 8.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "image/quantise.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

/// Every value that 16 bits hold, in red; the others run against it.
std::vector<uint16_t> all_levels() {
  std::vector<uint16_t> pixels;
  for (int i = 0; i < 65536; ++i) {
    for (const int v : {i, 65535 - i, i ^ 0x5555}) pixels.push_back(static_cast<uint16_t>(v));
  }
  return pixels;
}

int bits_of(const std::string& path) {
  const std::string format = field(path, "format");
  return format.find("USHORT") != format.npos ? 16 : format.find("UCHAR") != format.npos ? 8 : 0;
}

TEST(Depth, SixteenBitsComeBackLevelByLevel) {
  TempFolder folder;
  const std::vector<uint16_t> pixels = all_levels();
  for (const char* name : {"a.png", "a.tif"}) {
    save_raw(folder / name, pixels.data(), 256, 256, 3, Space::rgb16);
    const Image image = read_image(folder / name);
    EXPECT_EQ(image.bits, 16) << name;
    for (const char* to : {"b.png", "b.tif"}) {
      write_image(image, folder / to);
      EXPECT_EQ(bits_of(folder / to), 16) << to;
      const Image back = read_image(folder / to);
      int wrong = 0;
      for (size_t i = 0; i < pixels.size(); ++i) {
        wrong += std::lround(back.data()[i] * 65535.0) != pixels[i];
      }
      EXPECT_EQ(wrong, 0) << name << " to " << to;
    }
  }
}

TEST(Depth, SixteenBitsOfAlphaToo) {
  TempFolder folder;
  Image image(256, 256);
  image.bits = 16;
  image.alpha.resize(65536);
  for (int i = 0; i < 65536; ++i) image.alpha[i] = static_cast<float>(i) / 65535;
  for (const char* name : {"a.png", "a.tif"}) {
    write_image(image, folder / name);
    const Image back = read_image(folder / name);
    for (int i = 0; i < 65536; ++i) ASSERT_EQ(std::lround(back.alpha[i] * 65535.0), i) << name;
  }
}

TEST(Depth, IsThePicturesOrTheOneAskedFor) {
  TempFolder folder;
  Image image = gradient(32, 16);
  EXPECT_EQ(image.bits, 8);
  const auto format = [&](const char* name, int bits) {
    write_image(image, folder / name, {.quality = 92, .recipe = {}, .bits = bits});
    return bits_of(folder / name);
  };
  EXPECT_EQ(format("a.png", 0), 8);
  EXPECT_EQ(format("a.png", 16), 16);
  image.bits = 16;
  EXPECT_EQ(format("a.png", 0), 16);
  EXPECT_EQ(format("a.png", 8), 8);
  EXPECT_EQ(format("a.jpg", 16), 8);
  EXPECT_EQ(format("a.webp", 16), 8);
  EXPECT_EQ(resize(image, 8, 8).bits, 16);
  error_of(ErrorCode::usage, [&] { format("a.png", 12); });
}

TEST(Depth, NewerFormatsKeepMoreThanEightBits) {
  TempFolder folder;
  Image image(512, 8);
  image.bits = 16;
  for (int i = 0; i < 3 * 512 * 8; ++i) image.data()[i] = static_cast<float>(i / 3 % 512) / 511;
  for (const char* name : {"a.jxl", "a.avif", "a.heic"}) {
    try {
      check_writable(folder / name);
    } catch (const Error& error) {
      std::cout << "not in this libvips: " << error.what() << "\n";
      continue;
    }
    write_image(image, folder / name, {100, ""});
    const Image back = read_image(folder / name);
    EXPECT_EQ(back.bits, 16) << name;
    std::set<long> levels;
    for (int x = 0; x < 512; ++x) levels.insert(std::lround(back.data()[3 * x] * 65535));
    EXPECT_GT(levels.size(), 300u) << name;
  }
}

std::vector<uint8_t> levels_of(const Image& image) {
  const FileSamples samples;
  std::vector<uint8_t> levels(samples.row_bytes(image) * image.height());
  for (int y = 0; y < image.height(); ++y) {
    samples.row(image, y, levels.data() + samples.row_bytes(image) * y);
  }
  return levels;
}

TEST(Depth, WhatIsOnALevelStaysThere) {
  Image image(256, 40);
  for (int i = 0; i < 3 * 256 * 40; ++i) {
    image.data()[i] = static_cast<float>(i / 3 % 256) * (1.0f / 255);  // rounded twice
  }
  const std::vector<uint8_t> samples = levels_of(image);
  for (size_t i = 0; i < samples.size(); ++i) ASSERT_EQ(samples[i], i / 3 % 256) << i;
}

TEST(Depth, SmoothPlacesAreDithered) {
  // Ten levels over 2,000 pixels: rounded, these would be bands of 200 equal columns.
  Image image(2000, 64);
  for (int y = 0; y < 64; ++y) {
    for (int i = 0; i < 6000; ++i) {
      image.row(y)[i] = static_cast<float>(100 + i / 3 / 200.0) / 255;
    }
  }
  const std::vector<uint8_t> samples = levels_of(image);
  double worst = 0, bias = 0;
  int blocks = 0;
  for (int x = 0; x + 8 <= 2000; x += 8) {
    for (int y = 0; y < 64; y += 8, ++blocks) {
      double sum = 0, wanted = 0;
      for (int i = 0; i < 64; ++i) {
        const size_t at = 3 * (2000 * static_cast<size_t>(y + i / 8) + x + i % 8);
        sum += samples[at];
        wanted += image.data()[at] * 255.0;
      }
      worst = std::max(worst, std::abs(sum - wanted) / 64);
      bias += (sum - wanted) / 64;
    }
  }
  EXPECT_LT(worst, 0.12) << "of a level, in blocks of 8x8; rounding makes it 0.5";
  EXPECT_LT(std::abs(bias) / blocks, 0.005);
  EXPECT_EQ(samples, levels_of(image)) << "the same every time";
}

TEST(Depth, EdgesAreRounded) {
  Image image(64, 1);
  for (int i = 0; i < 192; ++i) image.data()[i] = (i / 3 % 2 ? 180.3f : 60.4f) / 255;
  const std::vector<uint8_t> samples = levels_of(image);
  for (int i = 0; i < 192; ++i) ASSERT_EQ(samples[i], i / 3 % 2 ? 180 : 60);
}

}  // namespace
}  // namespace impasto::test
