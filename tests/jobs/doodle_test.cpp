// Maps in flat colours become pictures.

#include "impasto/doodle.h"

#include <gtest/gtest.h>

#include <cmath>

#include "formats/expect_error.h"
#include "impasto/assess.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

using Colour = std::array<float, 3>;
constexpr Colour doodle_red = {1, 0, 0}, doodle_blue = {0, 0, 1}, doodle_green = {0, 1, 0};

// One colour to the left of a column, another from there on.
Image halves(int width, int height, int column, const Colour& left, const Colour& right) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::copy_n((x < column ? left : right).data(), 3, image.row(y) + 3 * x);
    }
  }
  return image;
}

class Stopping : public Progress {
 public:
  bool cancelled() override { return true; }
};

class DoodleTest : public StylizeTest {
 protected:
  DoodleTest() {
    const StylizeOptions random = options_;
    options_ = doodle_defaults();
    options_.network = random.network;
    options_.iterations = 12;
    // A painting that is dark to the left and light to the right.
    pictures_.style = synthetic_picture(80, 60, 3);
    for (int y = 0; y < 60; ++y) {
      for (int i = 0; i < 240; ++i) {
        float& v = pictures_.style.row(y)[i];
        v = i < 120 ? 0.3f * v : 1 - 0.3f * v;
      }
    }
    pictures_.style_map = halves(40, 30, 20, doodle_red, doodle_blue);
    pictures_.map =
        halves(72, 48, 36, doodle_blue, doodle_red);  // light to the left, dark to the right
  }
  StylizeResult paint() {
    Progress quiet;
    return doodle(session_, pictures_, options_, quiet);
  }
  static double mean_of(const Image& image, int from, int to) {
    double sum = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int i = 3 * from; i < 3 * to; ++i) sum += static_cast<double>(image.row(y)[i]);
    }
    return sum / (3.0 * image.height() * (to - from));
  }

  DoodlePictures pictures_;
};

TEST_F(DoodleTest, FollowsTheMap) {
  const StylizeResult result = paint();
  expect_picture(result.image, 72, 48);
  EXPECT_GT(mean_of(result.image, 0, 32), mean_of(result.image, 40, 72) + 0.3);
  EXPECT_LT(loss(result.losses.back()), loss(result.losses.front()));
}

TEST_F(DoodleTest, TakesNoiseInMapsForNothing) {
  const Image clean = paint().image;
  Random random(1);
  for (Image* map : {&pictures_.style_map, &pictures_.map}) {
    for (int64_t i = 0; i < int64_t{3} * map->width() * map->height(); ++i) {
      map->data()[i] += static_cast<float>(0.02 * (random.uniform() - 0.5));
    }
  }
  EXPECT_TRUE(same(paint().image, clean));
}

TEST_F(DoodleTest, LeavesOutWhatTheMapHasNoPlaceFor) {
  pictures_.map = halves(72, 48, 36, doodle_blue, doodle_blue);
  const StylizeResult result = paint();
  expect_picture(result.image, 72, 48);
  EXPECT_GT(mean_of(result.image, 0, 72), 0.6) << "the light half of the painting alone";
  const Assessment judged = assess_doodle(session_, pictures_, options_, result);
  EXPECT_TRUE(std::isfinite(judged.style));
}

TEST_F(DoodleTest, KeepsThingsOfAPhotograph) {
  pictures_.content = synthetic_picture(90, 50, 7);
  pictures_.content->alpha.assign(90 * 50, 0.5f);
  options_.strength = 20;
  const StylizeResult gentle = paint();
  expect_picture(gentle.image, 90, 50);
  EXPECT_EQ(gentle.image.alpha.size(), 90u * 50u);
  options_.strength = 90;
  EXPECT_LT(term(gentle, "content"), term(paint(), "content"));
}

TEST_F(DoodleTest, ObeysItsOptions) {
  options_.size = 51;
  const Image one = paint().image;
  expect_picture(one, 51, 34);
  EXPECT_TRUE(same(paint().image, one));
  options_.seed = 2;
  EXPECT_FALSE(same(paint().image, one));
}

TEST_F(DoodleTest, PaintsAnySize) {
  options_.iterations = 2;
  for (const Size size : {Size{1, 1}, Size{3, 50}, Size{51, 49}}) {
    pictures_.map = halves(size.width, size.height, 0, doodle_red, doodle_red);
    pictures_.style_map = halves(8, 8, 0, doodle_red, doodle_red);
    const Image image = paint().image;
    EXPECT_EQ(image.width(), size.width);
    EXPECT_EQ(image.height(), size.height);
  }
}

TEST_F(DoodleTest, StopsWithAPicture) {
  Stopping stop;
  const StylizeResult result = doodle(session_, pictures_, options_, stop);
  EXPECT_TRUE(result.cancelled);
  EXPECT_EQ(result.image.width(), 72);
}

TEST_F(DoodleTest, RefusesWhatCannotBeMeant) {
  pictures_.style_map_name = "a.png";
  pictures_.map_name = "b.png";
  pictures_.map = halves(72, 48, 36, doodle_blue, doodle_green);
  expect_error(ErrorCode::input, "b.png: the colour #00ff00 is not in a.png", [&] { paint(); });
  pictures_.map = Image();
  expect_error(ErrorCode::input, "b.png", [&] { paint(); });
}

TEST(DoodleOptions, LeaveOutWhatADoodleHasNot) {
  for (const OptionInfo& option : doodle_options()) {
    EXPECT_NE(option.name, "method");
    EXPECT_NE(option.name, "feather");
  }
  EXPECT_GT(doodle_options().size(), 10u);
  EXPECT_EQ(find_option(doodle_options(), "strength")->initial,
            find_option(stylize_options(), "strength")->initial);
}

}  // namespace
}  // namespace impasto::test
