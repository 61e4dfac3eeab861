// The largest pictures: painted at a part of their size, and enlarged along the photograph's edges.

#include "instant/along_edges.h"

#include <gtest/gtest.h>

#include <cmath>

#include "image/resize.h"
#include "image/samples.h"
#include "instant/enlarge.h"
#include "support/synthetic.h"

namespace impasto::test {
namespace {

TEST(AlongEdges, PaintsUpToAQuarterOfTheLargest) {
  EXPECT_EQ(painted_size({6000, 4500}).width, 6000);
  EXPECT_EQ(painted_size({12000, 8000}).width, 6000);
  EXPECT_EQ(painted_size({12000, 8000}).height, 4000);
  EXPECT_EQ(painted_size({20000, 10000}).width, 10000);
  EXPECT_EQ(painted_size({100000, 1}).width, 100000);
}

TEST(AlongEdges, LeavesThePhotographAtStrengthZero) {
  const Image photo = synthetic_picture(200, 150, 1), small = resize(photo, 100, 75);
  EXPECT_LT(max_difference(enlarged_along_edges(small, small, photo, 0), photo), 1e-4);
}

// An edge that the small painting has in the photograph's place is as sharp as the photograph's.
TEST(AlongEdges, SharpensEdgesByThePhotograph) {
  Image photo(160, 120);
  for (int y = 0; y < 120; ++y) {
    for (int i = 0; i < 480; ++i) photo.row(y)[i] = i / 3 < 81 ? 0.2f : 0.8f;
  }
  const Image small = resize(photo, 80, 60);
  Image painting = small;  // another colour, half the contrast
  for (int i = 0; i < 3 * 80 * 60; ++i) {
    painting.data()[i] = (i % 3 == 0 ? 0.4f : 0.1f) + 0.5f * small.data()[i];
  }
  const auto step = [](const Image& image) {
    return image.row(60)[3 * 81] - image.row(60)[3 * 80];
  };
  const Image result = enlarged_along_edges(painting, small, photo, 50);
  EXPECT_NEAR(step(result), 0.3f, 0.03f);
  EXPECT_LT(step(resize(painting, 160, 120)), 0.2f);
  EXPECT_NEAR(result.row(60)[3 * 20], 0.5f, 0.01f);
  EXPECT_NEAR(result.row(60)[3 * 20 + 2], 0.2f, 0.01f);
}

TEST(AlongEdges, TellsHowFarItIs) {
  const Image photo = synthetic_picture(60, 700, 1), small = resize(photo, 30, 350);
  std::vector<double> told;
  enlarged_along_edges(small, small, photo, 50, Storage::memory,
                       [&](double done) { told.push_back(done); });
  ASSERT_GE(told.size(), 4u);
  EXPECT_EQ(told.front(), 0);
  EXPECT_EQ(told.back(), 1);
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
}

TEST(AlongEdges, KeepsThePhotographsSamplesAndAlpha) {
  const Image photo = synthetic_picture(90, 70, 1), small = resize(photo, 45, 35);
  EXPECT_EQ(enlarged_along_edges(small, small, resize(photo, 90, 70, Samples::u8), 50).samples(),
            Samples::u8);
  Image veiled = photo;
  veiled.alpha.assign(90 * 70, 0.5f);
  EXPECT_EQ(enlarged_along_edges(small, small, veiled, 50).alpha, veiled.alpha);
}

// Compact pictures are painted as floats are, up to the rounding of what is in between.
TEST(Enlarge, IsTheSameForCompactPictures) {
  const Image photo = synthetic_picture(256, 192, 1), painting = synthetic_picture(128, 96, 2);
  const auto darker = [](const PictureSource& seen, Image& painted) {
    blend(seen, 0.7f, painted);
    return true;
  };
  const Image compact = resize(photo, 256, 192, Samples::u16);
  const Image result = enlarge(painting, compact, 50, darker);
  EXPECT_EQ(result.samples(), Samples::wide);
  EXPECT_LT(max_difference(resize(result, 256, 192), enlarge(painting, photo, 50, darker)), 3e-4);
}

}  // namespace
}  // namespace impasto::test
