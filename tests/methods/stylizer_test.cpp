// One Stylizer for many pictures: what it remembers must not show.

#include <gtest/gtest.h>

#include "formats/expect_error.h"
#include "impasto/stylizer.h"
#include "methods/instant_network.h"
#include "methods/stylize_fixture.h"

namespace impasto::test {
namespace {

SharedImage picture(int width, int height, uint64_t seed) {
  return std::make_shared<const Image>(synthetic_picture(width, height, seed));
}

class StylizerTest : public StylizeTest {
 protected:
  void use_instant() {
    options_.method = "instant";
    options_.network = folder_ / "instant.safetensors";
    write_instant_network(options_.network);
  }
  // Every photograph with every painting, twice, in one Stylizer and in new ones.
  void expect_same_as_alone() {
    Progress quiet;
    Stylizer stylizer(options_);
    const std::vector<SharedImage> photos = {picture(80, 64, 1), picture(64, 80, 2),
                                             picture(70, 50, 3)};
    const std::vector<SharedImage> paintings = {picture(60, 72, 4), picture(90, 40, 5)};
    for (int round = 0; round < 2; ++round) {
      for (const SharedImage& photo : photos) {
        for (const SharedImage& painting : paintings) {
          const StylizeResult alone = run(*photo, {*painting});
          const StylizeResult result = stylizer.paint(photo, {painting}, quiet);
          EXPECT_TRUE(same(result.image, alone.image));
          EXPECT_EQ(result.network_sha256, stylizer.network_sha256());
          EXPECT_EQ(alone.network_sha256, stylizer.network_sha256());
        }
      }
    }
  }
};

TEST_F(StylizerTest, OptimizesAsAlone) {
  options_.iterations = 2;
  expect_same_as_alone();
}

TEST_F(StylizerTest, PaintsAtOnceAsAlone) {
  use_instant();
  expect_same_as_alone();
}

TEST_F(StylizerTest, ForgetsPicturesThatAreGone) {
  use_instant();
  Progress quiet;
  Stylizer stylizer(options_);
  // Likely at the same address, one after another.
  for (uint64_t seed = 1; seed < 6; ++seed) {
    const SharedImage photo = picture(48, 48, seed), painting = picture(48, 48, seed + 10);
    const Image alone = run(*photo, {*painting}).image;
    EXPECT_TRUE(same(stylizer.paint(photo, {painting}, quiet).image, alone)) << seed;
  }
}

TEST_F(StylizerTest, GoesOnAfterABadPicture) {
  use_instant();
  Progress quiet;
  Stylizer stylizer(options_);
  const SharedImage photo = picture(80, 64, 1), painting = picture(64, 72, 2);
  const Image before = stylizer.paint(photo, {painting}, quiet).image;
  expect_error(ErrorCode::usage, "no painting", [&] { stylizer.paint(photo, {}, quiet); });
  struct Cancelled : Progress {
    bool cancelled() override { return true; }
  } cancelled;
  EXPECT_TRUE(stylizer.paint(picture(50, 50, 3), {painting}, cancelled).cancelled);
  EXPECT_TRUE(same(stylizer.paint(photo, {painting}, quiet).image, before));
}

TEST_F(StylizerTest, ChecksOptionsAndNetworksAtOnce) {
  options_.strength = 101;
  expect_error(ErrorCode::usage, "--strength", [&] { Stylizer s(options_); });
  options_.strength = 50;
  options_.network = folder_ / "missing.safetensors";
  expect_error(ErrorCode::input, "missing.safetensors", [&] { Stylizer s(options_); });
  options_.method = "instant";
  expect_error(ErrorCode::input, "missing.safetensors", [&] { Stylizer s(options_); });
}

}  // namespace
}  // namespace impasto::test
