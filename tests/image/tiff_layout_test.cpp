// TIFF in all the ways in which samples may lie, each of the same picture.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>

#include "image/odd_files.h"

namespace impasto::test {
namespace {

constexpr int side = 32;
constexpr double above[] = {200, 100, 50}, below[] = {10, 60, 120};

double colour(int y, int c) {
  return (y < side / 2 ? above : below)[c];
}

double light(double level) {
  const double v = level / 255;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

using Pixels = std::vector<double>;

/// All samples of the rows from y0 on and columns from x0 on: of these bands, or of one alone.
Pixels samples(int bands, const std::function<double(int y, int c)>& value, int plane = -1,
               int y0 = 0, int width = side, int height = side) {
  Pixels all;
  for (int y = y0; y < y0 + height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < bands; ++c) {
        if (plane < 0 || plane == c) all.push_back(value(y, c));
      }
    }
  }
  return all;
}

template <class T>
Bytes stored(const Pixels& values) {
  Bytes out(values.size() * sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    const auto v = static_cast<T>(values[i]);
    std::memcpy(out.data() + i * sizeof(T), &v, sizeof(T));
  }
  return out;
}

Bytes halves(const Pixels& values) {
  std::vector<double> bits;
  for (const double v : values) {
    int exponent = 0;
    const double mantissa = std::frexp(v, &exponent);  // 0.5..1
    const double normal = ((exponent - 1 + 15) << 10) + std::round((mantissa * 2 - 1) * 1024);
    bits.push_back(v == 0 ? 0 : normal);
  }
  return stored<uint16_t>(bits);
}

Image read_tiff(const Bytes& file) {
  TempFolder folder;
  store(folder / "a.tif", file);
  EXPECT_EQ(read_header(folder / "a.tif").width, side);
  return read_image(folder / "a.tif");
}

void expect_picture(const Image& image, double tolerance, const std::string& what) {
  ASSERT_EQ(image.width(), side) << what;
  for (int half = 0; half < 2; ++half) {
    const auto found = mean(image, half * side / 2, (half + 1) * side / 2);
    for (int c = 0; c < 3; ++c) {
      EXPECT_NEAR(found[static_cast<size_t>(c)], colour(half * side / 2, c), tolerance)
          << what << ", channel " << c;
    }
  }
}

TiffWriter rgb(int bits, int format = 1) {
  const auto f = static_cast<uint32_t>(format);
  return TiffWriter().picture(side, side, bits, 3, 2).field(339, 3, {f, f, f});
}

TEST(TiffLayout, LevelsOfAnyNumberOfBits) {
  for (const int bits : {2, 4, 6, 8, 10, 12, 14, 16, 20, 32}) {
    const double top = std::ldexp(1.0, bits) - 1;
    std::vector<uint32_t> numbers;
    for (const double v : samples(3, colour)) {
      numbers.push_back(static_cast<uint32_t>(std::lround(v / 255 * top)));
    }
    Bytes pixels = packed(numbers, bits, side * 3);
    if (bits == 16) pixels = stored<uint16_t>({numbers.begin(), numbers.end()});
    if (bits == 32) pixels = stored<uint32_t>({numbers.begin(), numbers.end()});
    const Image image = read_tiff(rgb(bits).file({pixels}));
    expect_picture(image, 0.05 + 127.5 / top, std::to_string(bits) + " bits");
    EXPECT_EQ(image.bits, bits > 8 ? 16 : 8);
  }
}

TEST(TiffLayout, GreyOfAnyNumberOfBits) {
  for (const int bits : {1, 2, 4, 5, 8, 12}) {
    for (const int zero : {0, 1}) {  // white or black
      const uint32_t top = (1u << bits) - 1;
      std::vector<uint32_t> numbers(side * side, 0);
      std::fill(numbers.begin(), numbers.begin() + side * side / 2, top);
      const Image image = read_tiff(
          TiffWriter().picture(side, side, bits, 1, zero).file({packed(numbers, bits, side)}));
      EXPECT_NEAR(mean(image, 0, side / 2)[1], zero == 1 ? 255 : 0, 0.01) << bits;
      EXPECT_NEAR(mean(image, side / 2)[1], zero == 1 ? 0 : 255, 0.01) << bits;
    }
  }
}

TEST(TiffLayout, RealNumbersAreLight) {
  const auto linear = [](int y, int c) { return light(colour(y, c)); };
  const Pixels pixels = samples(3, linear);
  expect_picture(read_tiff(rgb(16, 3).file({halves(pixels)})), 0.2, "half");
  expect_picture(read_tiff(rgb(32, 3).file({stored<float>(pixels)})), 0.1, "float");
  expect_picture(read_tiff(rgb(64, 3).file({stored<double>(pixels)})), 0.1, "double");
  const Pixels grey = samples(1, linear);
  for (const int bits : {16, 32, 64}) {
    const Bytes bytes = bits == 16   ? halves(grey)
                        : bits == 32 ? stored<float>(grey)
                                     : stored<double>(grey);
    const Image image =
        read_tiff(TiffWriter().picture(side, side, bits, 1, 1).field(339, 3, {3}).file({bytes}));
    EXPECT_NEAR(mean(image, 0, side / 2)[1], above[0], 0.2) << bits;
    EXPECT_NEAR(mean(image, side / 2)[2], below[0], 0.2) << bits;
  }
}

TEST(TiffLayout, RealNumbersWithAProfileAreWhatItSays) {
  const std::string icc = built_in_profile("srgb");
  std::vector<uint32_t> words;  // as bytes, which the writer has no type for, would not be taken
  for (const char c : icc) words.push_back(static_cast<uint8_t>(c));
  const Pixels pixels = samples(3, [](int y, int c) { return colour(y, c) / 255; });
  TempFolder folder;
  // Put in by way of libvips: a float TIFF of sRGB's own curve.
  store(folder / "a.tif", rgb(32, 3).field(34675, 7, words).file({stored<float>(pixels)}));
  expect_picture(read_image(folder / "a.tif"), 0.6, "encoded as the profile says");
}

TEST(TiffLayout, SignedLevelsAreWhiteAtTheirLargest) {
  for (const int bits : {8, 16, 32}) {
    const double top = std::ldexp(1.0, bits - 1) - 1;
    const Pixels pixels =
        samples(3, [&](int y, int c) { return std::round(colour(y, c) / 255 * top); });
    const Bytes bytes = bits == 8    ? stored<int8_t>(pixels)
                        : bits == 16 ? stored<int16_t>(pixels)
                                     : stored<int32_t>(pixels);
    expect_picture(read_tiff(rgb(bits, 2).file({bytes})), 0.1 + 130 / top, std::to_string(bits));
  }
}

TEST(TiffLayout, TilesAndPlanes) {
  const Bytes whole = stored<uint8_t>(samples(3, colour));
  std::vector<Bytes> planes, tiles, both;
  for (int c = 0; c < 3; ++c) planes.push_back(stored<uint8_t>(samples(3, colour, c)));
  for (const int y : {0, 0, 16, 16})
    tiles.push_back(stored<uint8_t>(samples(3, colour, -1, y, 16, 16)));
  for (int c = 0; c < 3; ++c) {
    for (const int y : {0, 0, 16, 16})
      both.push_back(stored<uint8_t>(samples(3, colour, c, y, 16, 16)));
  }
  expect_picture(read_tiff(rgb(8).file({whole})), 0.01, "one strip");
  expect_picture(read_tiff(rgb(8).field(284, 3, {2}).file(planes)), 0.01, "planes");
  expect_picture(read_tiff(rgb(8).field(322, 3, {16}).field(323, 3, {16}).file(tiles)), 0.01,
                 "tiles");
  expect_picture(
      read_tiff(rgb(8).field(284, 3, {2}).field(322, 3, {16}).field(323, 3, {16}).file(both)), 0.01,
      "tiles of planes");
}

TEST(TiffLayout, BitsInTheOtherOrder) {
  Bytes pixels = stored<uint8_t>(samples(3, colour));
  for (uint8_t& byte : pixels) {
    uint8_t turned = 0;
    for (int i = 0; i < 8; ++i) turned = static_cast<uint8_t>(turned << 1 | (byte >> i & 1));
    byte = turned;
  }
  expect_picture(read_tiff(rgb(8).field(266, 3, {2}).file({pixels})), 0.01, "");
}

TEST(TiffLayout, PalettesOfAnySize) {
  for (const int bits : {1, 2, 4, 8, 16}) {
    const size_t entries = size_t{1} << bits;
    std::vector<uint32_t> map(3 * entries), numbers;
    for (size_t c = 0; c < 3; ++c) {
      map[c * entries] = static_cast<uint32_t>(above[c]) * 257;
      map[c * entries + 1] = static_cast<uint32_t>(below[c]) * 257;
    }
    for (int i = 0; i < side * side; ++i) numbers.push_back(i < side * side / 2 ? 0 : 1);
    const Bytes pixels = bits == 16 ? stored<uint16_t>({numbers.begin(), numbers.end()})
                                    : packed(numbers, bits, side);
    expect_picture(
        read_tiff(TiffWriter().picture(side, side, bits, 1, 3).field(320, 3, map).file({pixels})),
        0.01, std::to_string(bits));
  }
}

TEST(TiffLayout, CieLab) {
  // Of (200, 100, 50) and (10, 60, 120): for D50, by way of Bradford, and for D65 as it is.
  constexpr double values[2][2][3] = {{{54.218, 38.204, 46.238}, {25.092, 3.689, -39.504}},
                                      {{53.630, 36.306, 45.380}, {25.718, 9.136, -38.631}}};
  const auto signed_as = [](double v, double range) { return v < 0 ? v + range : v; };
  for (const bool d65 : {false, true}) {
    const auto value = [&](int y, int c) { return values[d65 ? 1 : 0][y < side / 2 ? 0 : 1][c]; };
    const auto eight = [&](int y, int c) {
      return c == 0 ? std::round(value(y, c) * 2.55) : signed_as(std::round(value(y, c)), 256);
    };
    const auto by_icc = [&](int y, int c) {
      return std::round(c == 0 ? value(y, c) * 2.55 : value(y, c) + 128);
    };
    const auto sixteen = [&](int y, int c) {
      return c == 0 ? std::round(value(y, c) * 655.35)
                    : signed_as(std::round(value(y, c) * 256), 65536);
    };
    const auto writer = [&](int bits, int photometric) {
      TiffWriter tiff;
      tiff.picture(side, side, bits, 3, photometric);
      if (d65) tiff.field(318, 5, {3127, 10'000, 3290, 10'000});
      return tiff;
    };
    expect_picture(read_tiff(writer(8, 8).file({stored<uint8_t>(samples(3, eight))})), 3, "CIELab");
    expect_picture(read_tiff(writer(8, 9).file({stored<uint8_t>(samples(3, by_icc))})), 3,
                   "ICCLab");
    expect_picture(read_tiff(writer(16, 8).file({stored<uint16_t>(samples(3, sixteen))})), 0.3,
                   "16 bits");
  }
}

TEST(TiffLayout, ColoursMultipliedWithAlpha) {
  const Bytes pixels = stored<uint8_t>(
      samples(4, [](int y, int c) { return c == 3 ? 102 : std::round(colour(y, c) * 0.4); }));
  for (const int kind : {1, 2}) {  // multiplied or not
    const auto k = static_cast<uint32_t>(kind);
    const Image image =
        read_tiff(TiffWriter().picture(side, side, 8, 4, 2).field(338, 3, {k}).file({pixels}));
    ASSERT_TRUE(image.has_alpha());
    EXPECT_NEAR(image.alpha[0] * 255, 102, 0.01);
    if (kind == 1) expect_picture(image, 1.3, "multiplied");
    if (kind == 2) {
      EXPECT_NEAR(mean(image, 0, side / 2)[0], 80, 0.01);
    }
  }
}

TEST(TiffLayout, YCbCrThatIsNotCompressed) {
  const auto ycc = [](int y, int c) {
    const double r = colour(y, 0), g = colour(y, 1), b = colour(y, 2);
    const double luma = 0.299 * r + 0.587 * g + 0.114 * b;
    return std::round(c == 0 ? luma : 128 + (c == 1 ? (b - luma) / 1.772 : (r - luma) / 1.402));
  };
  expect_picture(read_tiff(TiffWriter()
                               .picture(side, side, 8, 3, 6)
                               .field(530, 3, {1, 1})
                               .file({stored<uint8_t>(samples(3, ycc))})),
                 1.6, "");
}

TEST(TiffLayout, WhatIsNotReadIsSaid) {
  TempFolder folder;
  const auto refused = [&](const TiffWriter& writer, const std::string& what) {
    store(folder / "a.tif", writer.file({Bytes(side * side * 3 * 8, 1)}));
    EXPECT_THAT(error_of(ErrorCode::unsupported, [&] { read_image(folder / "a.tif"); }),
                ::testing::HasSubstr("a.tif: is TIFF with " + what));
  };
  refused(rgb(64), "64 bits a sample");
  refused(rgb(24, 3), "24 bits a sample of real numbers");
  refused(rgb(64, 6), "complex numbers");
  refused(TiffWriter().picture(side, side, 8, 1, 32803), "colours of kind 32803");
  refused(TiffWriter().picture(side, side, 8, 2, 2), "2 samples a pixel for 3 colours");
}

TEST(TiffLayout, FilesThatEndEarlyAreDamaged) {
  TempFolder folder;
  for (const int bits : {8, 12, 32}) {
    store(folder / "a.tif", rgb(bits).file({Bytes(100, 1)}));
    EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(folder / "a.tif"); }),
                ::testing::HasSubstr("a.tif: is damaged"))
        << bits;
  }
}

}  // namespace
}  // namespace impasto::test
