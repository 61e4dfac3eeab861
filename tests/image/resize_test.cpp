#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "image/samples.h"

namespace impasto::test {
namespace {

const std::pair<int, int> sizes[] = {{1, 1},  {1, 7},   {7, 1},     {50, 40}, {51, 39},
                                     {99, 3}, {3, 200}, {501, 401}, {25, 80}};

TEST(Resize, AConstantPictureStaysConstantAtEverySize) {
  for (const auto& [from_width, from_height] : sizes) {
    Image image(from_width, from_height);
    const size_t count = static_cast<size_t>(from_width) * from_height;
    for (size_t i = 0; i < count * 3; ++i) image.data()[i] = 0.2f + 0.3f * (i % 3);
    image.alpha.assign(count, 0.7f);
    for (const auto& [width, height] : sizes) {
      const Image result = resize(image, width, height);
      ASSERT_EQ(result.width(), width);
      ASSERT_EQ(result.height(), height);
      const size_t pixels = static_cast<size_t>(width) * height;
      ASSERT_EQ(result.alpha.size(), pixels);
      for (size_t i = 0; i < pixels * 3; ++i) {
        ASSERT_NEAR(result.data()[i], 0.2 + 0.3 * (i % 3), 1e-4)
            << from_width << "x" << from_height << " to " << width << "x" << height;
      }
      for (const float a : result.alpha) ASSERT_NEAR(a, 0.7, 1e-4);
    }
  }
}

TEST(Resize, ARampStaysARampAwayFromTheBorder) {
  const Image image = gradient(90, 90);
  for (const int width : {45, 60, 30, 180, 233}) {
    const Image result = resize(image, width, 90);
    for (int x = width / 8; x < width - width / 8; ++x) {
      const double expected = ((x + 0.5) * 90 / width - 0.5) / 89;  // pixel centres stay in place
      ASSERT_NEAR(result.row(45)[3 * x], expected, 2e-3) << width << " at " << x;
    }
  }
}

TEST(Resize, DetailBelowTheNewPixelSizeVanishesInsteadOfAliasing) {
  Image image(256, 8);
  for (int i = 0; i < 256 * 8 * 3; ++i) image.data()[i] = (i / 3) % 2 ? 1.0f : 0.0f;
  const Image result = resize(image, 50, 8);
  for (int x = 3; x < 47; ++x) EXPECT_NEAR(result.row(4)[3 * x], 0.5, 0.02) << x;
}

TEST(Resize, SameSizeIsTheSamePictureWithItsMetadata) {
  Image image = gradient(20, 10, true);
  image.metadata["exif"] = {1, 2, 3};
  EXPECT_EQ(max_difference(resize(image, 20, 10), image), 0);
  EXPECT_EQ(resize(image, 5, 5).metadata, image.metadata);
}

TEST(Resize, HardEdgesKeepAlphaInRange) {
  Image image(16, 16);
  for (int i = 0; i < 256; ++i) image.alpha.push_back(i % 16 < 8 ? 0.0f : 1.0f);
  for (const int width : {9, 33}) {
    for (const float a : resize(image, width, width).alpha) {
      EXPECT_GE(a, 0);
      EXPECT_LE(a, 1);
    }
  }
}

TEST(Resize, ImpossibleSizes) {
  const Image image = gradient(4, 4);
  error_of(ErrorCode::usage, [&] { resize(image, 0, 4); });
  error_of(ErrorCode::usage, [&] { resize(image, 4, -1); });
  error_of(ErrorCode::usage, [&] { resize(Image(), 4, 4); });
  error_of(ErrorCode::usage, [&] { scaled_to(image, 0); });
  error_of(ErrorCode::internal, [] { Image(-1, 5); });
}

TEST(ScaledTo, RoundsTheShorterSide) {
  const auto expect = [](int width, int height, int longer, int new_width, int new_height) {
    const Size size = scaled_to(Image(width, height), longer);
    EXPECT_EQ(size.width, new_width) << width << "x" << height << " to " << longer;
    EXPECT_EQ(size.height, new_height) << width << "x" << height << " to " << longer;
  };
  expect(400, 300, 200, 200, 150);
  expect(300, 400, 200, 150, 200);
  expect(3, 2, 4, 4, 3);  // 2.67
  expect(4, 3, 2, 2, 2);  // 1.5 rounds up
  expect(1000, 1, 10, 10, 1);
  expect(1, 1, 512, 512, 512);
  expect(641, 427, 1, 1, 1);
}

}  // namespace
}  // namespace impasto::test
