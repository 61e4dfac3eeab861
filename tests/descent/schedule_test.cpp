#include "descent/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "canvas/strip.h"

namespace impasto::test {
namespace {

std::vector<ScaleStage> scales_for(int width, int height, int scales = 0, int iterations = 50) {
  StylizeOptions o;
  if (scales > 0) o.scales = scales;
  o.iterations = iterations;
  return plan_scales(width, height, o);
}

TEST(Schedule, EndsWithTheResultItself) {
  for (const auto& [w, h] : std::vector<std::pair<int, int>>{
           {16, 16}, {17, 4000}, {64, 48}, {512, 341}, {333, 777}, {4000, 3000}, {100000, 16}}) {
    for (const int scales : {0, 1, 3, 16}) {
      const auto plan = scales_for(w, h, scales);
      ASSERT_FALSE(plan.empty());
      EXPECT_EQ(plan.back().width, w);
      EXPECT_EQ(plan.back().height, h);
      EXPECT_LE(plan.size(), static_cast<size_t>(scales > 0 ? scales : 16));
    }
  }
}

TEST(Schedule, GrowsAndKeepsTheAspect) {
  const auto plan = scales_for(1200, 800);
  ASSERT_GT(plan.size(), 3u);
  for (size_t i = 0; i < plan.size(); ++i) {
    EXPECT_GT(plan[i].longer_side(), i > 0 ? plan[i - 1].longer_side() : 0);
    EXPECT_NEAR(plan[i].width / 1.5, plan[i].height, 1);
    EXPECT_GE(plan[i].longer_side(), 128);
    EXPECT_GE(plan[i].steps, 1);
  }
  EXPECT_LE(plan.front().longer_side(), 256) << "large shapes are painted small";
}

TEST(Schedule, PaintsSmallPicturesAtOneScale) {
  EXPECT_EQ(scales_for(127, 100).size(), 1u);
  EXPECT_EQ(scales_for(600, 24).size(), 1u) << "thin ones would lose their shorter side";
  EXPECT_EQ(scales_for(2000, 1500, 1).size(), 1u);
  EXPECT_EQ(scales_for(2000, 1500, 2).size(), 2u);
}

TEST(Strip, StrokesAreMeasuredByTheShorterSideOfStrips) {
  EXPECT_EQ(stroke_side({640, 480}), 640);
  EXPECT_EQ(stroke_side({500, 2000}), 2000) << "long, but no strip";
  EXPECT_EQ(stroke_side({20000, 300}), 1200);
  EXPECT_EQ(stroke_side({300, 20000}), 1200);
  EXPECT_EQ(stroke_side({3, 500}), 256);
  EXPECT_EQ(stroke_side({3, 200}), 200);
  EXPECT_EQ(stroke_side({2147483647, 2147483647}), 2147483647);
}

TEST(Strip, StripsAreLookedAtLongerButNotEnlarged) {
  const auto look = [](int width, int height, int side) {
    const Size size = look_size(Image(width, height), side);
    return std::pair(size.width, size.height);
  };
  EXPECT_EQ(look(300, 200, 600), std::pair(600, 400));
  EXPECT_EQ(look(3000, 100, 200), std::pair(1500, 50)) << "its stroke side is 400";
  EXPECT_EQ(look(3000, 100, 800), std::pair(3000, 100));
  EXPECT_EQ(look(100, 3000, 6000), std::pair(200, 6000));
  EXPECT_EQ(look(1, 1, 64), std::pair(64, 64));
}

TEST(Schedule, SpendsMostStepsAt512Pixels) {
  constexpr int all = 50;  // as scales_for() asks for
  for (const ScaleStage& s : scales_for(512, 384)) {
    EXPECT_EQ(s.steps, std::lround(all * s.longer_side() / 512.0));
  }
  EXPECT_EQ(scales_for(300, 200).back().steps, all) << "the largest of a small picture has them";
  const auto large = scales_for(4000, 3000);
  EXPECT_LT(large.back().steps, all / 2);
  EXPECT_GE(large.back().steps, all / 5);
  int before = 0;
  for (const ScaleStage& s : large) {
    if (s.longer_side() <= 512) {
      EXPECT_GE(s.steps, before);
    } else if (before > 0 && s.longer_side() > 720) {
      EXPECT_LE(s.steps, before);
    }
    before = s.steps;
  }
  EXPECT_EQ(scales_for(4000, 3000, 0, 1).back().steps, 1) << "never none";
}

}  // namespace
}  // namespace impasto::test
