#include <gtest/gtest.h>

#include <cmath>

#include "image/samples.h"

namespace impasto::test {
namespace {

constexpr double one_step = 1.0 / 255;  // smooth places are dithered

double mean_difference(const Image& a, const Image& b) {
  double sum = 0;
  const size_t count = static_cast<size_t>(a.width()) * a.height() * 3;
  for (size_t i = 0; i < count; ++i) sum += std::abs(a.data()[i] - b.data()[i]);
  return sum / static_cast<double>(count);
}

TEST(RoundTrip, PngAndTiffKeepEveryValueToAStep) {
  TempFolder folder;
  for (const char* name : {"a.png", "a.tif", "a.TIFF"}) {
    for (const bool alpha : {false, true}) {
      for (const auto& [width, height] : {std::pair{67, 41}, {1, 1}, {1, 300}, {301, 1}}) {
        const Image image = gradient(width, height, alpha);
        write_image(image, folder / name);
        EXPECT_LE(max_difference(read_image(folder / name), image), one_step)
            << name << " " << width << "x" << height << (alpha ? " with alpha" : "");
      }
    }
  }
}

TEST(RoundTrip, LossyFormatsStayClose) {
  TempFolder folder;
  const Image image = gradient(67, 41);
  for (const char* name : {"a.jpg", "a.JPEG", "a.webp"}) {
    write_image(image, folder / name, {95, ""});
    const Image back = read_image(folder / name);
    ASSERT_EQ(back.width(), 67);
    ASSERT_EQ(back.height(), 41);
    EXPECT_LT(mean_difference(back, image), 0.02) << name;
  }
}

TEST(RoundTrip, OptionalFormatsStayCloseWhereTheyCanBeWritten) {
  TempFolder folder;
  const Image image = gradient(64, 48);
  for (const char* name : {"a.avif", "a.heic", "a.jxl"}) {
    try {
      check_writable(folder / name);
    } catch (const Error& error) {
      std::cout << "not in this libvips: " << error.what() << "\n";
      continue;
    }
    write_image(image, folder / name, {95, "a recipe"});
    EXPECT_LT(mean_difference(read_image(folder / name), image), 0.03) << name;
  }
}

TEST(RoundTrip, QualityChangesTheFile) {
  TempFolder folder;
  const Image image = gradient(200, 200);
  write_image(image, folder / "low.jpg", {10, ""});
  write_image(image, folder / "high.jpg", {95, ""});
  EXPECT_LT(load(folder / "low.jpg").size(), load(folder / "high.jpg").size());
  EXPECT_GT(mean_difference(read_image(folder / "low.jpg"), image),
            mean_difference(read_image(folder / "high.jpg"), image));
}

TEST(RoundTrip, WebpKeepsAlphaAndJpegGoesOverWhite) {
  TempFolder folder;
  Image image(16, 16);
  image.alpha.assign(256, 0.5f);
  write_image(image, folder / "a.webp");
  EXPECT_NEAR(read_image(folder / "a.webp").alpha.at(0), 0.5, 0.01);
  write_image(image, folder / "a.jpg");
  const Image flat = read_image(folder / "a.jpg");
  EXPECT_TRUE(flat.alpha.empty());
  EXPECT_NEAR(flat.data()[0], 0.5, 0.02);
}

TEST(RoundTrip, ValuesOutsideAreClampedAndNotANumberIsBlack) {
  TempFolder folder;
  Image image(2, 2);
  const float values[12] = {-1, 2, NAN, INFINITY, -INFINITY, 0.5f, 0, 1, 1e30f, -1e30f, 1.001f, 0};
  std::copy(values, values + 12, image.data());
  write_image(image, folder / "a.png");
  const Image back = read_image(folder / "a.png");
  const float expected[12] = {0, 1, 0, 1, 0, 128 / 255.0f, 0, 1, 1, 0, 1, 0};
  for (int i = 0; i < 12; ++i) EXPECT_NEAR(back.data()[i], expected[i], 1e-6) << i;
}

TEST(RoundTrip, EncodedPngReadsBack) {
  TempFolder folder;
  const Image image = gradient(33, 9, true);
  store(folder / "a.png", encode_png(image));
  EXPECT_LE(max_difference(read_image(folder / "a.png"), image), one_step);
}

TEST(Reading, GreyBecomesRgb) {
  TempFolder folder;
  const uint8_t grey[6] = {0, 51, 102, 153, 204, 255};
  for (const char* name : {"a.png", "a.tif"}) {
    save_raw(folder / name, grey, 3, 2, 1, Space::grey);
    const Image image = read_image(folder / name);
    EXPECT_TRUE(image.alpha.empty());
    for (int i = 0; i < 18; ++i) EXPECT_NEAR(image.data()[i], (i / 3) * 0.2, 1e-6) << name << i;
  }
}

TEST(Reading, GreyWithAlpha) {
  TempFolder folder;
  const uint8_t pixels[4] = {51, 102, 255, 0};
  save_raw(folder / "a.png", pixels, 2, 1, 2, Space::grey);
  const Image image = read_image(folder / "a.png");
  EXPECT_NEAR(image.data()[2], 0.2, 1e-6);
  EXPECT_NEAR(image.data()[3], 0.2, 1e-6) << "hidden: as beside it";
  EXPECT_NEAR(image.alpha.at(0), 0.4, 1e-6);
  EXPECT_EQ(image.alpha.at(1), 0);
}

TEST(Reading, SixteenBitsKeepTheirPrecision) {
  TempFolder folder;
  const uint16_t grey[4] = {0, 1, 32769, 65535};
  const uint16_t rgba[8] = {1, 2, 3, 32768, 65534, 40000, 12345, 8193};
  for (const char* name : {"a.png", "a.tif"}) {
    save_raw(folder / name, grey, 4, 1, 1, Space::grey16);
    Image image = read_image(folder / name);
    for (int i = 0; i < 12; ++i) EXPECT_NEAR(image.data()[i], grey[i / 3] / 65535.0, 1e-7) << name;
    save_raw(folder / name, rgba, 2, 1, 4, Space::rgb16);
    image = read_image(folder / name);
    for (int i = 0; i < 6; ++i) {
      EXPECT_NEAR(image.data()[i], rgba[i + i / 3] / 65535.0, 1e-7) << name;
    }
    EXPECT_NEAR(image.alpha.at(0), 32768 / 65535.0, 1e-7);
    EXPECT_NEAR(image.alpha.at(1), 8193 / 65535.0, 1e-7);
  }
}

TEST(Reading, OddNames) {
  TempFolder folder;
  const Image image = gradient(5, 5);
  for (const char* name :
       {"with space.png", "a[page=3].png", "b.png[Q=3].png", "ünï.png", "-x.png"}) {
    write_image(image, folder / name);
    EXPECT_LE(max_difference(read_image(folder / name), image), one_step) << name;
  }
}

TEST(Reading, TheContentDecidesNotTheExtension) {
  TempFolder folder;
  const Image image = gradient(5, 5);
  write_image(image, folder / "a.png");
  store(folder / "b.jpg", load(folder / "a.png"));
  store(folder / "[c]", load(folder / "a.png"));
  EXPECT_LE(max_difference(read_image(folder / "b.jpg"), image), one_step);
  EXPECT_LE(max_difference(read_image(folder / "[c]"), image), one_step);
}

}  // namespace
}  // namespace impasto::test
