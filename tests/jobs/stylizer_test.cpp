// One Stylizer for many pictures: what it remembers must not show.

#include <gtest/gtest.h>

#include "formats/expect_error.h"
#include "impasto/stylizer.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

SharedPainting picture(int width, int height, uint64_t seed) {
  return std::make_shared<const Painting>(synthetic_picture(width, height, seed));
}

class StylizerTest : public StylizeTest {
 protected:
  // Every photograph with every painting, twice, in one Stylizer and in new ones.
  void expect_same_as_alone() {
    Progress quiet;
    Stylizer stylizer(session_, options_);
    const std::vector<SharedImage> photos = {picture(80, 64, 1), picture(64, 80, 2),
                                             picture(70, 50, 3)};
    const std::vector<SharedPainting> paintings = {picture(60, 72, 4), picture(90, 40, 5)};
    for (int round = 0; round < 2; ++round) {
      for (const SharedImage& photo : photos) {
        for (const SharedPainting& painting : paintings) {
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

// A photograph without colours is given some where the painting has any: two pictures in one.
TEST_F(StylizerTest, LooksAgainWhereThePhotographIsTinted) {
  use_instant();
  const auto grey = [](Image image) {
    for (int i = 0; i < image.width() * image.height(); ++i) {
      float* rgb = image.data() + 3 * i;
      rgb[0] = rgb[2] = rgb[1];
    }
    return std::make_shared<const Painting>(std::move(image));
  };
  const SharedImage photo = grey(synthetic_picture(80, 64, 1));
  const SharedPainting plain = grey(synthetic_picture(60, 72, 4)), coloured = picture(90, 40, 5);
  Progress quiet;
  for (const auto& paintings : {std::vector{plain, coloured}, {coloured, plain}}) {
    Stylizer stylizer(session_, options_);
    for (const SharedPainting& painting : paintings) {
      const Image alone = run(*photo, {*painting}).image;
      EXPECT_TRUE(same(stylizer.paint(photo, {painting}, quiet).image, alone));
    }
  }
}

TEST_F(StylizerTest, PlansRegionsBesideAMixture) {
  options_.style_weights = {1, 2};
  Stylizer stylizer(session_, options_);
  const auto header = [](int side) {
    PictureHeader h;
    h = {side, side, Samples::u8};
    return h;
  };
  const PictureHeader photo = header(80), a = header(60), mask = header(40);
  EXPECT_NO_THROW(stylizer.plan(photo, {a, a}, "", {}));
  EXPECT_NO_THROW(stylizer.plan(photo, {a, a}, "", {mask})) << "of the whole";
  EXPECT_NO_THROW(stylizer.plan(photo, {a, a, a}, "", {mask})) << "of a region";
  EXPECT_NO_THROW(stylizer.plan(photo, {a, a, a}, "", {mask, mask}));
  EXPECT_NO_THROW(stylizer.plan(photo, {a, a, a, a}, "", {mask, mask, mask}));
  for (const size_t masks : {0, 3}) {
    expect_error(ErrorCode::usage, "3 paintings but 2 weights", [&] {
      stylizer.plan(photo, {a, a, a}, "", std::vector<PictureHeader>(masks, mask));
    });
  }
}

TEST_F(StylizerTest, ForgetsPicturesThatAreGone) {
  use_instant();
  Progress quiet;
  Stylizer stylizer(session_, options_);
  // Likely at the same address, one after another.
  for (uint64_t seed = 1; seed < 6; ++seed) {
    const SharedPainting photo = picture(48, 48, seed), painting = picture(48, 48, seed + 10);
    const Image alone = run(*photo, {*painting}).image;
    EXPECT_TRUE(same(stylizer.paint(photo, {painting}, quiet).image, alone)) << seed;
  }
}

TEST_F(StylizerTest, GoesOnAfterABadPicture) {
  use_instant();
  Progress quiet;
  Stylizer stylizer(session_, options_);
  const SharedPainting photo = picture(80, 64, 1), painting = picture(64, 72, 2);
  const Image before = stylizer.paint(photo, {painting}, quiet).image;
  expect_error(ErrorCode::usage, "no painting", [&] { stylizer.paint(photo, {}, quiet); });
  struct Cancelled : Progress {
    bool cancelled() override { return true; }
  } cancelled;
  EXPECT_TRUE(stylizer.paint(picture(50, 50, 3), {painting}, cancelled).cancelled);
  EXPECT_TRUE(same(stylizer.paint(photo, {painting}, quiet).image, before));
}

// What changes options changes the pictures as a new Stylizer would.
TEST_F(StylizerTest, PaintsWithOtherOptionsAsAlone) {
  use_instant();
  const std::string decoder = options_.network;
  Stylizer stylizer(session_, options_);
  Progress quiet;
  const SharedPainting photo = picture(80, 64, 1), one = picture(64, 72, 2),
                       two = picture(50, 60, 3);
  const auto expect_as_alone = [&](const char* what) {
    stylizer.set_options(options_);
    EXPECT_TRUE(
        same(stylizer.paint(photo, {one, two}, quiet).image, run(*photo, {*one, *two}).image))
        << what;
  };
  expect_as_alone("as it was");
  options_.strength = 80, expect_as_alone("strength");
  options_.seed = 9, expect_as_alone("seed");
  options_.style_weights = {1, 3}, expect_as_alone("weights");
  options_.style_scale = 0.5, expect_as_alone("style scale");
  options_.size = 60, expect_as_alone("size");
  options_.precision = Precision::f32, expect_as_alone("precision");
  options_.method = Method::optimize, options_.network = folder_ / "random.safetensors";
  options_.iterations = 2, expect_as_alone("method");
  options_.strength = 20, expect_as_alone("strength");
  options_.pooling = PoolKind::average, expect_as_alone("pooling");
  options_.method = Method::instant, options_.network = decoder, expect_as_alone("method again");
}

TEST_F(StylizerTest, LooksOnceAtAPhotographWhoseOptionsChange) {
  use_instant();
  Stylizer stylizer(session_, options_);
  Progress quiet;
  const auto photo = std::make_shared<Image>(synthetic_picture(80, 64, 1));
  const SharedPainting painting = picture(64, 72, 2);
  const auto painted = [&](double style_scale) {
    options_.style_scale = style_scale;  // at strength 50: nothing of the photograph is blended in
    stylizer.set_options(options_);
    return stylizer.paint(photo, {painting}, quiet).image;
  };
  const Image fine = painted(1), coarse = painted(2);
  EXPECT_FALSE(same(fine, coarse));
  // Nobody may do that; here it shows that nobody looks.
  for (int i = 0; i < 3 * 80 * 64; ++i) photo->data()[i] *= 0.5f;
  EXPECT_TRUE(same(painted(1), fine));
  EXPECT_TRUE(same(painted(2), coarse));
}

TEST_F(StylizerTest, KeepsItsOptionsWhenOthersAreWrong) {
  use_instant();
  Stylizer stylizer(session_, options_);
  Progress quiet;
  const SharedPainting photo = picture(80, 64, 1), painting = picture(64, 72, 2);
  const Image before = stylizer.paint(photo, {painting}, quiet).image;
  StylizeOptions wrong = options_;
  wrong.strength = 101;
  expect_error(ErrorCode::usage, "strength: expected", [&] { stylizer.set_options(wrong); });
  EXPECT_TRUE(same(stylizer.paint(photo, {painting}, quiet).image, before));
  StylizeOptions missing = options_;
  missing.network = folder_ / "missing.safetensors";
  stylizer.set_options(missing);
  expect_error(ErrorCode::input, "missing.safetensors",
               [&] { stylizer.paint(photo, {painting}, quiet); });
  stylizer.set_options(options_);
  EXPECT_TRUE(same(stylizer.paint(photo, {painting}, quiet).image, before));
}

TEST_F(StylizerTest, ChecksOptionsAndNetworksAtOnce) {
  options_.strength = 101;
  expect_error(ErrorCode::usage, "strength: expected", [&] { Stylizer s(session_, options_); });
  options_.strength = 50;
  options_.network = folder_ / "missing.safetensors";
  expect_error(ErrorCode::input, "missing.safetensors", [&] { Stylizer s(session_, options_); });
  options_.method = Method::instant;
  expect_error(ErrorCode::input, "missing.safetensors", [&] { Stylizer s(session_, options_); });
}

}  // namespace
}  // namespace impasto::test
