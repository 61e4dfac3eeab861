// What is painted of a photograph, and in what.

#include <gtest/gtest.h>

#include "canvas/areas.h"
#include "canvas/picture.h"
#include "formats/expect_error.h"
#include "impasto/stylizer.h"
#include "instant/instant.h"
#include "instant/paint_areas.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

SharedPainting shared(Painting image) {
  return std::make_shared<const Painting>(std::move(image));
}

// White where f(x, y) of 0..1 says.
template <class F>
SharedImage mask_of(int width, int height, const F& f) {
  Image mask(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::fill_n(mask.row(y) + 3 * x, 3, f((x + 0.5) / width, (y + 0.5) / height) ? 1.0f : 0.0f);
    }
  }
  return shared(std::move(mask));
}
SharedImage left_half(int width, int height) {
  return mask_of(width, height, [](double x, double) { return x < 0.5; });
}

// The largest difference within columns, as shares of the width.
double difference(const Image& a, const Image& b, double from, double to) {
  double largest = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int i = static_cast<int>(3 * from * a.width()); i < static_cast<int>(3 * to * a.width());
         ++i) {
      largest = std::max(largest, static_cast<double>(std::abs(a.row(y)[i] - b.row(y)[i])));
    }
  }
  return largest;
}

class RegionsTest : public StylizeTest {
 protected:
  RegionsTest() { photo_ = synthetic_picture(80, 64, 1); }
  Image paint(const Regions& regions, const std::vector<Painting>& styles) {
    Progress quiet;
    return stylize(session_, photo_, styles, regions, options_, quiet).image;
  }
  // Every way to paint.
  template <class F>
  void each_way(const F& f) {
    const StylizeOptions before = options_;
    f("optimize");
    options_.style_loss = StyleKind::gram;
    f("optimize, gram");
    options_ = before;
    options_.network = "small";
    for (const Quality quality : {Quality::draft, Quality::good}) {
      options_.quality = quality;
      f(name_of(quality));
    }
    options_.quality = Quality::automatic;
    options_.method = Method::instant;
    f("at once");
    options_.method = Method::automatic;
    options_.size = 900;  // enlarged by painting
    options_.quality = Quality::draft;
    f("enlarged draft");
    options_ = before;
  }
};

TEST_F(RegionsTest, WhatTheMaskLeavesIsThePhotographToTheBit) {
  each_way([&](const std::string& way) {
    Regions regions;
    regions.mask = left_half(40, 33);  // of another size
    const Image result = paint(regions, {painting_});
    const Size size = result_size(photo_, options_.size);
    const Image photo = resize(photo_, size.width, size.height);
    ASSERT_EQ(result.width(), size.width) << way;
    EXPECT_EQ(difference(result, photo, 0.55, 1), 0) << way;
    EXPECT_GT(difference(result, photo, 0, 0.45), 0.02) << way;
  });
}

TEST_F(RegionsTest, EachHasItsOwnStyle) {
  options_.network = "small";  // random features say too little of colours
  options_.content_weight = 0;
  options_.iterations = 20;
  options_.strength = 100;
  each_way([&](const std::string& way) {
    // Colours of paintings are taken over: blue to the left, red to the right.
    Image blue(64, 64), red(64, 64);
    const Image texture = synthetic_picture(64, 64, 5);
    for (int i = 0; i < 64 * 64; ++i) {
      const float* t = texture.data() + 3 * i;
      blue.data()[3 * i + 2] = red.data()[3 * i] = 0.5f + 0.5f * t[0];
      blue.data()[3 * i] = red.data()[3 * i + 2] = 0.3f * t[1];
      blue.data()[3 * i + 1] = red.data()[3 * i + 1] = 0.5f * t[2];
    }
    Regions regions;
    regions.regions = {{left_half(80, 64), shared(blue), {}, "left"}};
    const Image result = paint(regions, {red});
    const auto redness = [&](double from, double to) {
      double sum = 0;
      int count = 0;
      for (int y = 0; y < result.height(); ++y) {
        for (int x = static_cast<int>(from * result.width()); x < to * result.width(); ++x) {
          sum += static_cast<double>(result.row(y)[3 * x] - result.row(y)[3 * x + 2]);
          ++count;
        }
      }
      return sum / count;
    };
    EXPECT_LT(redness(0, 0.4), redness(0.6, 1) - 0.15) << way;
  });
}

TEST_F(RegionsTest, WithoutAStyleTheRestIsUntouched) {
  Regions regions;
  regions.regions = {{left_half(80, 64), shared(painting_), 80, "left"}};
  const Image result = paint(regions, {});
  EXPECT_EQ(difference(result, photo_, 0.5, 1), 0);
  EXPECT_GT(difference(result, photo_, 0, 0.4), 0.02);
}

TEST_F(RegionsTest, AStrengthOfNothingPaintsNothing) {
  options_.network = "small";
  Regions regions;
  regions.regions = {{left_half(80, 64), shared(painting_), 0, "left"}};
  options_.quality = Quality::draft;
  EXPECT_LT(difference(paint(regions, {}), photo_, 0, 1), 0.03);
  options_.quality = Quality::automatic;
  options_.method = Method::instant;
  EXPECT_LT(difference(paint(regions, {}), photo_, 0, 1), 1e-6);
}

TEST_F(RegionsTest, AnySizeIsPainted) {
  for (const Size size : {Size{1, 1}, Size{3, 50}, Size{51, 49}}) {
    photo_ = synthetic_picture(size.width, size.height, 1);
    each_way([&](const std::string& way) {
      if (options_.size.given()) return;
      Regions regions;
      regions.regions = {
          {mask_of(8, 8, [](double, double) { return true; }), shared(painting_), {}, "all"},
          {left_half(16, 16), shared(synthetic_picture(33, 20, 9)), {}, "left"}};
      const Image result = paint(regions, {});
      EXPECT_EQ(result.width(), size.width) << way;
      EXPECT_EQ(result.height(), size.height) << way;
    });
  }
}

TEST_F(RegionsTest, PicturesAfterEachOtherHaveMasksOfTheirSize) {
  Progress quiet;
  Stylizer stylizer(session_, options_);
  Regions regions;
  regions.mask = left_half(20, 20);
  stylizer.set_regions(regions);
  for (const int width : {60, 81}) {
    const auto photo = shared(synthetic_picture(width, 40, 1));
    const StylizeResult result = stylizer.paint(photo, {shared(painting_)}, quiet);
    EXPECT_EQ(difference(result.image, *photo, 0.55, 1), 0);
  }
  stylizer.set_regions({});
  const auto photo = shared(synthetic_picture(60, 40, 1));
  EXPECT_GT(difference(stylizer.paint(photo, {shared(painting_)}, quiet).image, *photo, 0.6, 1), 0);
}

TEST_F(RegionsTest, RefusesWhatPaintsNothing) {
  Regions regions;
  regions.mask = mask_of(8, 8, [](double, double) { return false; });
  regions.mask_name = "night.png";
  expect_error(ErrorCode::input, "night.png", [&] { paint(regions, {painting_}); });
  regions = {};
  regions.regions = {
      {mask_of(8, 8, [](double, double) { return false; }), shared(painting_), {}, "nobody.png"}};
  expect_error(ErrorCode::input, "nobody.png", [&] { paint(regions, {}); });
  regions.regions[0].mask = left_half(8, 8);
  regions.mask = mask_of(8, 8, [](double x, double) { return x > 0.6; });
  regions.mask_name = "right.png";
  expect_error(ErrorCode::input, "right.png", [&] { paint(regions, {}); });
  regions.mask.reset();
  regions.regions[0].strength = 101;
  expect_error(ErrorCode::usage, "nobody.png", [&] { paint(regions, {}); });
  expect_error(ErrorCode::usage, "painting", [&] { paint({}, {}); });
}

TEST(Areas, LaterRegionsLieOverEarlierOnes) {
  Regions regions;
  const auto all = mask_of(10, 10, [](double, double) { return true; });
  const auto style = shared(synthetic_picture(8, 8, 1));
  regions.regions = {{all, style, 20, "a"}, {left_half(10, 10), style, {}, "b"}};
  StylizeOptions o;
  o.feather = 0;
  const Areas areas = make_areas({style}, regions, o, {20, 10});
  ASSERT_EQ(areas.areas.size(), 2u) << "the style of the rest has nothing left";
  EXPECT_EQ(areas.areas[0].strength, 20);
  EXPECT_EQ(areas.areas[1].strength, o.strength);
  EXPECT_EQ(areas.areas[0].mask.row(5)[2], 0);
  EXPECT_EQ(areas.areas[0].mask.row(5)[17], 255);
  EXPECT_EQ(areas.areas[1].mask.row(5)[2], 255);
  EXPECT_EQ(*std::min_element(areas.painted.values.begin(), areas.painted.values.end()), 255);
}

TEST(GuideAt, IsTheMeanOfEachPosition) {
  const Mask mask{4, 2, {255, 255, 0, 0, 255, 255, 0, 255}};
  const Guide guide = guide_at(mask, 0, Shape{1, 1, 2, 5});
  EXPECT_EQ(guide.positions, (std::vector<int32_t>{0, 1}));
  EXPECT_FLOAT_EQ(guide.weights[0], 1);
  EXPECT_FLOAT_EQ(guide.weights[1], 0.25f);
  // With a margin of two mirrored pixels: columns 2 1 0 1 2 3 2 1 of the mask.
  const Guide wide = guide_at(mask, 2, Shape{1, 3, 4, 5});
  EXPECT_EQ(wide.positions.size(), 12u);
}

// A speck that is seen in the result may be none where that begins: there is the photograph.
TEST_F(RegionsTest, LeavesWhatIsTooSmallToBePainted) {
  use_instant();
  Instant instant(options_);
  Mask speck{400, 320, std::vector<uint8_t>(400 * 320)};
  speck.row(100)[100] = 8;
  Areas areas;
  areas.areas = {{{shared(painting_)}, {}, 50, speck}};
  areas.painted = speck;
  Progress quiet;
  const Size size{80, 64};
  const StylizeResult result = paint_areas(instant, shared(photo_), areas, options_, size, quiet);
  EXPECT_TRUE(same(result.image, photo_));
  Image canvas(80, 64);
  EXPECT_TRUE(paint_areas(instant, source_of(photo_), areas, options_, canvas, quiet));
  EXPECT_TRUE(same(canvas, photo_));
}

}  // namespace
}  // namespace impasto::test
