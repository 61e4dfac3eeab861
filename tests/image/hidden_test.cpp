// Colours under pixels that cannot be seen.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

bool inside_disc(int x, int y) {
  return (x - 20) * (x - 20) + (y - 14) * (y - 14) < 100;
}

/// A disc of colours, and noise, also of no numbers, where nothing is seen.
Image disc(uint64_t seed, int width = 61, int height = 37) {
  Image image = gradient(width, height, true);
  Random random(seed);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool seen = inside_disc(x, y);
      image.alpha[static_cast<size_t>(y) * width + x] = seen ? 1 : 0;
      if (seen) continue;
      for (int c = 0; c < 3; ++c) {
        image.row(y)[3 * x + c] =
            random.uniform() < 0.1 ? NAN : static_cast<float>(10 * random.uniform() - 5);
      }
    }
  }
  return image;
}

TEST(Hidden, WhatStoodThereDoesNotMatter) {
  for (const auto& [width, height] : {std::pair{61, 37}, {64, 32}, {21, 300}, {1000, 15}}) {
    Image one = disc(1, width, height), other = disc(2, width, height);
    fill_hidden(one);
    fill_hidden(other);
    EXPECT_EQ(max_difference(one, other), 0) << width << "x" << height;
  }
}

TEST(Hidden, WhatIsSeenStays) {
  Image image = disc(1);
  const Image before = image;
  fill_hidden(image);
  EXPECT_EQ(image.alpha, before.alpha);
  for (int y = 0; y < 37; ++y) {
    for (int x = 0; x < 61; ++x) {
      for (int c = 0; c < 3 && inside_disc(x, y); ++c) {
        ASSERT_EQ(image.row(y)[3 * x + c], before.row(y)[3 * x + c]) << x << " " << y;
      }
    }
  }
}

TEST(Hidden, ColoursContinueAndNoneIsNew) {
  Image image = disc(1);
  fill_hidden(image);
  float low[3] = {1, 1, 1}, high[3] = {0, 0, 0};
  for (int y = 0; y < 37; ++y) {
    for (int x = 0; x < 61; ++x) {
      for (int c = 0; c < 3 && inside_disc(x, y); ++c) {
        low[c] = std::min(low[c], image.row(y)[3 * x + c]);
        high[c] = std::max(high[c], image.row(y)[3 * x + c]);
      }
    }
  }
  for (int y = 0; y < 37; ++y) {
    for (int i = 0; i < 3 * 61; ++i) {
      const float v = image.row(y)[i];
      ASSERT_TRUE(v > low[i % 3] - 1e-5f && v < high[i % 3] + 1e-5f)
          << v << " at " << i << " " << y;
      if (i < 3) continue;
      ASSERT_LT(std::abs(v - image.row(y)[i - 3]), 0.15f) << "an edge at " << i / 3 << " " << y;
    }
  }
}

TEST(Hidden, FaintColoursCountByAndBy) {
  const auto left_of_white = [](float alpha) {
    Image image(2, 1);  // black beside white
    for (int i = 3; i < 6; ++i) image.data()[i] = 1;
    image.alpha = {alpha, 1};
    fill_hidden(image);
    return image.data()[0];
  };
  EXPECT_EQ(left_of_white(1), 0);
  EXPECT_EQ(left_of_white(0.125f), 0);
  EXPECT_GT(left_of_white(0.06f), 0.1f);
  EXPECT_LT(left_of_white(0.06f), left_of_white(0.01f));
  EXPECT_NEAR(left_of_white(0), 1, 1e-6);
}

TEST(Hidden, APictureThatIsNowhereSeenIsGrey) {
  for (const auto& [width, height] : {std::pair{1, 1}, {17, 5}}) {
    Image image = gradient(width, height);
    image.alpha.assign(static_cast<size_t>(width) * height, 0.0f);
    fill_hidden(image);
    for (int i = 0; i < 3 * width * height; ++i) ASSERT_NEAR(image.data()[i], 0.5, 1e-6);
  }
}

TEST(Hidden, NothingIsDoneWithoutAlpha) {
  Image image = gradient(9, 7);
  fill_hidden(image);
  EXPECT_EQ(max_difference(image, gradient(9, 7)), 0);
}

TEST(Hidden, CompactPicturesToo) {
  Image image(2, 1, Samples::u16);
  const float red_and_white[6] = {1, 0, 0, 1, 1, 1};
  image.write(0, 0, 2, red_and_white);
  image.alpha = {0, 1};
  fill_hidden(image);
  float row[6];
  image.read(0, 0, 2, row);
  for (const float v : row) EXPECT_NEAR(v, 1, 1e-4);
}

TEST(Hidden, FilesAreReadSo) {
  TempFolder folder;
  for (const char* name : {"a.png", "a.tif"}) {
    uint8_t pixels[4 * 64 * 48];
    Image read[2];
    for (const int fill : {0, 1}) {
      for (int i = 0; i < 64 * 48; ++i) {
        const bool seen = i % 64 > 30;
        for (int c = 0; c < 3; ++c) {
          pixels[4 * i + c] = static_cast<uint8_t>(seen ? i * (c + 1) : 255 * fill);
        }
        pixels[4 * i + 3] = seen ? 255 : 0;
      }
      save_raw(folder / name, pixels, 64, 48, 4, Space::rgb);
      read[fill] = read_image(folder / name);
    }
    EXPECT_EQ(max_difference(read[0], read[1]), 0) << name;
  }
}

}  // namespace
}  // namespace impasto::test
