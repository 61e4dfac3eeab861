#include "impasto/pixels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "formats/expect_error.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

using Channel = PixelLayout::Channel;

// A number of 0..1 as a channel keeps it, and back.
template <class T>
T stored(double v) {
  if constexpr (std::is_floating_point_v<T>) return static_cast<T>(v);
  return static_cast<T>(std::lround(v * std::numeric_limits<T>::max()));
}

template <class T>
constexpr Channel channel_of = sizeof(T) == 1   ? Channel::u8
                               : sizeof(T) == 2 ? Channel::u16
                                                : Channel::f32;

double value(int x, int y, int c) {
  return std::fmod(0.13 * x + 0.29 * y + 0.41 * c + 0.05, 1.0);
}

template <class T>
void expect_there_and_back() {
  constexpr int w = 5, h = 4;
  for (const int channels : {1, 2, 3, 4}) {
    for (const int gap : {0, 3}) {
      for (const bool upward : {false, true}) {
        const int row = w * channels + gap;
        std::vector<T> pixels(static_cast<size_t>(row) * h, stored<T>(0.5));
        T* const first = pixels.data() + (upward ? row * (h - 1) : 0);
        PixelLayout layout{w, h, channels, channel_of<T>, 0};
        layout.row_bytes = static_cast<std::ptrdiff_t>(sizeof(T)) * (upward ? -row : row);
        for (int y = 0; y < h; ++y) {
          for (int x = 0; x < w; ++x) {
            for (int c = 0; c < channels; ++c) {
              const bool alpha = channels % 2 == 0 && c == channels - 1;
              first[(upward ? -y : y) * row + x * channels + c] =
                  stored<T>(alpha ? 0.5 + 0.5 * value(x, y, c) : value(x, y, c));
            }
          }
        }
        const Image image = image_from(first, layout);
        ASSERT_EQ(image.width(), w);
        ASSERT_EQ(image.height(), h);
        EXPECT_EQ(image.alpha.empty(), channels % 2 == 1);
        EXPECT_EQ(image.bits, sizeof(T) == 1 ? 8 : 16);
        float colour[3];
        image.read(2, 3, 1, colour);
        for (int c = 0; c < 3; ++c) {
          EXPECT_NEAR(colour[c], value(2, 3, channels < 3 ? 0 : c), 3e-3) << channels;
        }
        if (channels < 3) continue;
        std::vector<T> back(pixels.size(), stored<T>(0.5));
        copy_pixels(image, back.data() + (upward ? row * (h - 1) : 0), layout);
        EXPECT_EQ(back, pixels) << channels << " channels, also between the rows";
      }
    }
  }
}

TEST(Pixels, GoThereAndBack) {
  expect_there_and_back<uint8_t>();
  expect_there_and_back<uint16_t>();
  expect_there_and_back<float>();
}

TEST(Pixels, HaveTheAlphaThatTheLayoutHas) {
  const Image image(2, 1);
  float rgba[8];
  copy_pixels(image, rgba, {2, 1, 4, Channel::f32, 0});
  EXPECT_EQ(rgba[3], 1);
  EXPECT_EQ(rgba[7], 1);
  const uint8_t half[] = {10, 20, 30, 128, 40, 50, 60, 255};
  uint8_t rgb[6];
  copy_pixels(image_from(half, {2, 1, 4, Channel::u8, 0}), rgb, {2, 1, 3, Channel::u8, 0});
  EXPECT_EQ(rgb[3], 40);
}

TEST(Pixels, AreFiniteAndInRange) {
  const float wild[] = {NAN, INFINITY, -1, 2, 0.5f, -INFINITY};
  const Image image = image_from(wild, {2, 1, 3, Channel::f32, 0});
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(std::isfinite(image.data()[i])) << i;
  uint8_t bytes[6];
  copy_pixels(image, bytes, {2, 1, 3, Channel::u8, 0});
  EXPECT_EQ(std::vector<uint8_t>(bytes, bytes + 6), (std::vector<uint8_t>{0, 0, 0, 255, 128, 0}));
}

TEST(Pixels, HiddenColoursDoNotBleed) {
  const uint8_t rgba[] = {255, 0, 255, 0, 10, 20, 30, 255, 10, 20, 30, 255};
  float colour[3];
  image_from(rgba, {3, 1, 4, Channel::u8, 0}).read(0, 0, 1, colour);
  EXPECT_NEAR(colour[0], 10 / 255.0, 0.02);
  EXPECT_NEAR(colour[1], 20 / 255.0, 0.02);
}

TEST(Pixels, OfNoLayoutAreRefused) {
  uint8_t bytes[64] = {};
  const auto refused = [&](const PixelLayout& layout, const std::string& part) {
    expect_error(ErrorCode::usage, part, [&] { image_from(bytes, layout); });
  };
  refused({0, 1, 3, Channel::u8, 0}, "found 0x1");
  refused({100'000, 100'000, 3, Channel::u8, 0}, "found 100000x100000");
  refused({2, 2, 0, Channel::u8, 0}, "1 to 4 channels, found 0");
  refused({2, 2, 5, Channel::u8, 0}, "found 5");
  refused({2, 2, 3, Channel::u16, 11}, "at least 12 bytes a row, found 11");
  refused({2, 2, 3, Channel::u8, -5}, "found -5");
  expect_error(ErrorCode::usage, "there is none", [] { image_from(nullptr, {2, 2}); });
  const Image image(4, 2);
  expect_error(ErrorCode::usage, "expected 4x2, found 2x4", [&] {
    copy_pixels(image, bytes, {2, 4});
  });
  expect_error(ErrorCode::usage, "3 or 4 channels", [&] {
    copy_pixels(image, bytes, {4, 2, 1, Channel::u8, 0});
  });
}

}  // namespace
}  // namespace impasto::test
