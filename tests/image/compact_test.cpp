#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "image/resize.h"
#include "samples.h"

namespace impasto::test {
namespace {

const ReadOptions as_compact{.compact = true};

/// The floats of a picture of any samples.
Image unpacked(const Image& image) {
  return resize(image, image.width(), image.height());
}

TEST(Compact, EightBitsTakeOneByteAndLoseNothing) {
  TempFolder folder;
  write_image(gradient(60, 40), folder / "a.png");
  write_image(gradient(60, 40), folder / "a.jpg");
  for (const char* name : {"a.png", "a.jpg"}) {
    const Image image = read_image(folder / name, as_compact), floats = read_image(folder / name);
    EXPECT_EQ(image.samples(), Samples::u8) << name;
    EXPECT_EQ(floats.samples(), Samples::f32) << name;
    EXPECT_EQ(image.bytes(), 60u * 40 * 3);
    EXPECT_EQ(max_difference(unpacked(image), floats), 0) << name;
    for (const char* to : {"b.png", "b.jpg", "b.tif"}) {
      write_image(image, folder / to);
      write_image(floats, folder / (std::string("c") + to));
      EXPECT_EQ(load(folder / to), load(folder / (std::string("c") + to))) << name << " to " << to;
    }
  }
}

TEST(Compact, AnSrgbProfileChangesNothing) {
  TempFolder folder;
  const Bytes pixels(3 * 16 * 16, 77);
  save_raw(folder / "a.png", pixels.data(), 16, 16, 3, Space::rgb, built_in_profile("srgb"));
  EXPECT_EQ(read_image(folder / "a.png", as_compact).samples(), Samples::u8);
}

TEST(Compact, SixteenBitsStay) {
  TempFolder folder;
  std::vector<uint16_t> pixels(3 * 65536);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint16_t>(i / 3);
  save_raw(folder / "a.tif", pixels.data(), 256, 256, 3, Space::rgb16);
  const Image image = read_image(folder / "a.tif", as_compact);
  EXPECT_EQ(image.samples(), Samples::u16);
  const Image floats = unpacked(image);
  for (size_t i = 0; i < pixels.size(); ++i) {
    ASSERT_EQ(std::lround(floats.data()[i] * 65535), pixels[i]);
  }
}

TEST(Compact, WideColoursStayOutsideOfSrgb) {
  TempFolder folder;
  Bytes pixels(3 * 64, 0);
  for (size_t i = 0; i < 64; ++i) pixels[3 * i + i % 3] = static_cast<uint8_t>(4 * i + 3);
  const std::string p3 = built_in_profile("p3");
  ASSERT_FALSE(p3.empty());
  save_raw(folder / "a.png", pixels.data(), 8, 8, 3, Space::rgb, p3);
  const Image image = read_image(folder / "a.png", as_compact),
              floats = read_image(folder / "a.png");
  EXPECT_EQ(image.samples(), Samples::wide);
  EXPECT_LT(max_difference(unpacked(image), floats), 3e-5);
  EXPECT_LT(*std::min_element(floats.data(), floats.data() + 192), -0.05f);
}

TEST(Compact, WithAlphaToo) {
  TempFolder folder;
  Image picture = gradient(20, 20, true);
  picture.alpha[7] = 0.05f;
  write_image(picture, folder / "a.png");
  const Image image = read_image(folder / "a.png", as_compact),
              floats = read_image(folder / "a.png");
  EXPECT_EQ(image.samples(), Samples::u8);
  EXPECT_EQ(image.alpha, floats.alpha);
  EXPECT_LT(max_difference(unpacked(image), floats), 1.01 / 255) << "what is hidden is filled in";
}

TEST(Compact, WhatIsWrittenIsClampedToTheSamples) {
  const float colours[] = {-5, -0.5f, 0, 0.25f, 1, 1.5f, 7, NAN, 0.5f};
  const float low[] = {-5, 0, -1, 0}, high[] = {7, 1, 2, 1}, step[] = {0, 1e-5f, 3e-5f, 2.1e-3f};
  for (const Samples samples : {Samples::f32, Samples::u16, Samples::wide, Samples::u8}) {
    const auto k = static_cast<size_t>(samples);
    Image image(5, 2, samples);
    image.write(1, 1, 3, colours);
    float back[15];
    image.read(0, 1, 5, back);
    for (int i = 0; i < 9; ++i) {
      if (std::isnan(colours[i])) continue;
      EXPECT_NEAR(back[i + 3], std::clamp(colours[i], low[k], high[k]), step[k]) << k << " " << i;
    }
    EXPECT_NEAR(back[0], 0, 2e-5) << k << ": black at first";
    EXPECT_NEAR(back[14], 0, 2e-5) << k;
  }
}

TEST(Compact, ResizingIsTheSame) {
  const Image floats = gradient(100, 70);
  const Image fine = resize(floats, 100, 70, Samples::u16);
  for (const Size size : {Size{33, 50}, Size{211, 150}, Size{100, 7}, Size{1, 1}}) {
    const Image a = resize(floats, size.width, size.height);
    EXPECT_LT(max_difference(a, resize(fine, size.width, size.height)), 2e-5) << size.width;
    const Image b = resize(floats, size.width, size.height, Samples::u8);
    EXPECT_LT(max_difference(a, unpacked(b)), 1.01 / 255) << size.width;
  }
}

TEST(Compact, PartsOfRowsAreThoseOfTheWhole) {
  const Image image = gradient(90, 60);
  const Image whole = resize(image, 200, 25);
  const Resizer resizer(image, 200, 25);
  std::vector<float> room, part(3 * 31);
  for (int y : {0, 12, 24}) {
    for (int x : {0, 77, 169}) {
      resizer.row(x, y, 31, room, part.data());
      for (int i = 0; i < 93; ++i) ASSERT_NEAR(part[i], whole.row(y)[3 * x + i], 1e-6) << x;
    }
  }
}

}  // namespace
}  // namespace impasto::test
