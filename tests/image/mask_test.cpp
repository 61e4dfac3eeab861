#include "image/mask.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "image/samples.h"

namespace impasto::test {
namespace {

Image grey(int width, int height, const std::vector<float>& values) {
  Image image(width, height);
  for (size_t i = 0; i < values.size(); ++i) std::fill_n(image.data() + 3 * i, 3, values[i]);
  return image;
}

// White from column `from` to before column `to`.
Mask stripe(int width, int height, int from, int to) {
  Mask mask{width, height, std::vector<uint8_t>(static_cast<size_t>(width) * height)};
  for (int y = 0; y < height; ++y) std::fill(mask.row(y) + from, mask.row(y) + to, uint8_t{255});
  return mask;
}

TEST(Mask, IsGreyTimesOpacity) {
  Image picture = grey(4, 1, {1, 0.5f, 1, 0});
  EXPECT_EQ(make_mask(picture, {4, 1}).values, (std::vector<uint8_t>{255, 128, 255, 0}));
  picture.alpha = {1, 1, 0.5f, 1};
  EXPECT_EQ(make_mask(picture, {4, 1}).values, (std::vector<uint8_t>{255, 128, 128, 0}));
  picture.alpha = {0, 0, 0, 0};
  EXPECT_TRUE(make_mask(picture, {4, 1}).empty());
}

TEST(Mask, TakesWhatIsNearlyBlackOrWhiteForIt) {
  const Image picture = grey(4, 1, {7.0f / 255, 248.0f / 255, 9.0f / 255, 0.5f});
  const Mask mask = make_mask(picture, {4, 1});
  EXPECT_EQ(mask.values[0], 0);
  EXPECT_EQ(mask.values[1], 255);
  EXPECT_GT(mask.values[2], 0);
}

TEST(Mask, IsBroughtToAnySize) {
  const Image picture = grey(2, 2, {1, 0, 1, 0});
  for (const Size size : {Size{1, 1}, Size{3, 500}, Size{513, 511}, Size{64, 2}}) {
    const Mask mask = make_mask(picture, size);
    ASSERT_EQ(mask.values.size(), static_cast<size_t>(size.width) * size.height);
    if (size.width < 3) continue;
    EXPECT_EQ(mask.row(size.height - 1)[0], 255);
    EXPECT_EQ(mask.row(size.height - 1)[size.width - 1], 0);
  }
  EXPECT_EQ(make_mask(picture, {1, 1}).values[0], 128);
}

TEST(Mask, IsShrunkByItsMean) {
  const Mask mask = stripe(7, 5, 0, 3);
  const Mask half = resized(mask, {2, 1});
  EXPECT_EQ(half.values, (std::vector<uint8_t>{219, 0}));  // 3 of 3.5 columns
  EXPECT_EQ(resized(mask, {7, 5}).values, mask.values);
  EXPECT_EQ(resized(mask, {1, 1}).values[0], 109);  // 3 of 7
}

TEST(Feather, StaysInside) {
  const Mask sharp = stripe(40, 6, 10, 30);
  for (const double pixels : {1.0, 3.0, 4.5}) {
    Mask soft = sharp;
    feather(soft, pixels);
    for (int y = 0; y < 6; ++y) {
      for (int x = 0; x < 40; ++x) {
        ASSERT_LE(soft.row(y)[x], sharp.row(y)[x]);
        const int inside = std::min(x - 10, 29 - x);
        if (inside >= std::ceil(pixels)) {
          ASSERT_EQ(soft.row(y)[x], 255) << x;
        }
        if (inside > 0 && inside < 20) {
          ASSERT_GE(soft.row(y)[x], soft.row(y)[x - (x < 20 ? 1 : -1)]);
        }
      }
    }
    EXPECT_LT(soft.row(3)[10], 200);
    EXPECT_GT(soft.row(3)[10], 0) << "a line of one pixel does not vanish";
  }
}

TEST(Feather, TakesTheFrameForNoBorderAndZeroForNone) {
  Mask mask = stripe(20, 4, 0, 20);
  feather(mask, 5);
  EXPECT_EQ(mask.values, stripe(20, 4, 0, 20).values);
  mask = stripe(20, 4, 3, 9);
  feather(mask, 0);
  EXPECT_EQ(mask.values, stripe(20, 4, 3, 9).values);
}

TEST(Feather, IsRound) {
  Mask mask = stripe(21, 21, 0, 21);
  mask.row(10)[10] = 0;
  feather(mask, 4);
  EXPECT_EQ(mask.row(10)[13], mask.row(13)[10]);
  EXPECT_EQ(mask.row(10)[5], 255);
  EXPECT_LT(mask.row(10)[12], mask.row(12)[12]) << "farther along the diagonal";
}

TEST(Masks, AreCombinedSoftly) {
  const Mask a{3, 1, {255, 128, 0}}, b{3, 1, {128, 128, 255}};
  EXPECT_EQ(both(a, b).values, (std::vector<uint8_t>{128, 64, 0}));
  EXPECT_EQ(without(a, b).values, (std::vector<uint8_t>{127, 64, 0}));
  Mask sum = a;
  add(sum, b);
  EXPECT_EQ(sum.values, (std::vector<uint8_t>{255, 255, 255}));
  EXPECT_EQ(share_of(b, sum).values, (std::vector<uint8_t>{128, 128, 255}));
  EXPECT_EQ(share_of(a, {3, 1, {0, 0, 0}}).values, (std::vector<uint8_t>{0, 0, 0}));
}

TEST(LayOver, LeavesWhatTheMaskLeavesAsItIs) {
  const Image painting = grey(3, 1, {0.9f, 0.9f, 0.9f});
  for (const Samples samples : {Samples::f32, Samples::u16, Samples::u8, Samples::wide}) {
    Image canvas(3, 1, samples);
    const std::vector<float> numbers(9, 0.2f);
    canvas.write(0, 0, 3, numbers.data());
    std::vector<float> before(9), after(9);
    canvas.read(0, 0, 3, before.data());
    lay_over(canvas, painting, {3, 1, {0, 51, 255}});
    canvas.read(0, 0, 3, after.data());
    EXPECT_EQ(after[0], before[0]);
    EXPECT_NEAR(after[3], 0.34f, 3e-3);
    EXPECT_NEAR(after[6], 0.9f, 3e-3);
  }
}

}  // namespace
}  // namespace impasto::test
