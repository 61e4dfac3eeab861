// What --quality stands for, and how pictures are enlarged by painting.

#include "jobs/quality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "canvas/strip.h"
#include "formats/expect_error.h"
#include "image/samples.h"
#include "impasto/stylizer.h"
#include "instant/enlarge.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

constexpr Size small{320, 200}, large{6000, 4000};

class QualityTest : public testing::Test {
 protected:
  PickedQuality pick(const Size& size) const { return pick(options_, size); }
  PickedQuality pick(const StylizeOptions& o, const Size& size) const {
    return pick_quality(o, size, [this] { return speeds_; });
  }
  void settle(std::vector<StylizeOptions>& all, const Image& content) const {
    settle_qualities(all, content, [this] { return speeds_; });
  }
  StylizeOptions options_;
  Speeds speeds_{{0.1, 0.001, 2e-7}, {0.1, 0.001, 1e-7}};
};

TEST_F(QualityTest, IsTheBestThatIsExpectedWithinTwentySeconds) {
  const auto seconds = [&](Method method, const Size& size) {
    StylizeOptions o = options_;
    o.method = method;
    return estimated_seconds(o, size, speeds_);
  };
  EXPECT_EQ(pick({32, 32}).name, Quality::best);
  EXPECT_EQ(pick({1024, 768}).name, Quality::best);
  EXPECT_LT(seconds(Method::optimize, {1024, 768}), 20);
  EXPECT_EQ(pick({2400, 1600}).name, Quality::good);
  EXPECT_GT(seconds(Method::optimize, {2400, 1600}), 20);
  speeds_ = {speeds_.step.times(30), speeds_.pass.times(30)};
  EXPECT_EQ(pick({1024, 768}).name, Quality::draft);
  EXPECT_EQ(pick({32, 32}).name, Quality::best);
}

// What enlarges a refined picture counts, too.
TEST_F(QualityTest, IsADraftWhereEnlargingTakesLong) {
  EXPECT_EQ(pick(large).name, Quality::good);
  speeds_.pass.per_pixel = 1e-6;
  EXPECT_EQ(pick(large).name, Quality::draft);
}

TEST_F(QualityTest, AsksForTheSpeedOnlyWhereItDecides) {
  const auto never = []() -> Speeds { throw std::logic_error("asked"); };
  options_.quality = Quality::best;
  EXPECT_EQ(pick_quality(options_, large, never).name, Quality::best);
  options_.quality = Quality::automatic;
  options_.method = Method::instant;
  EXPECT_EQ(pick_quality(options_, large, never).name, Quality::draft);
  options_.method = Method::automatic;
  EXPECT_THROW(pick_quality(options_, large, never), std::logic_error);
}

TEST_F(QualityTest, IsWhatIsAskedFor) {
  for (const Quality name : {Quality::draft, Quality::good, Quality::best}) {
    options_.quality = name;
    const PickedQuality picked = pick(large);
    EXPECT_EQ(picked.name, name);
    EXPECT_EQ(picked.options.method, Method::optimize);
    EXPECT_EQ(same(picked.sizes.front(), picked.sizes.back()), name == Quality::best);
  }
}

TEST_F(QualityTest, ObeysTheMethod) {
  options_.method = Method::instant;
  EXPECT_EQ(pick(small).name, Quality::draft);
  options_.method = Method::optimize;
  EXPECT_EQ(pick(large).name, Quality::best);
  options_.quality = Quality::good;
  EXPECT_EQ(pick(large).name, Quality::good);
}

TEST_F(QualityTest, IsBestWhenAnOptionAsksForTheOptimizer) {
  options_.style_loss = StyleKind::gram;
  EXPECT_EQ(pick(large).name, Quality::best);
}

// Every quality obeys it.
TEST_F(QualityTest, IsPickedAsEverWhereDetailMatters) {
  options_.detail = 80;
  EXPECT_EQ(pick({32, 32}).name, Quality::best);
  EXPECT_EQ(pick(large).name, Quality::good);
  options_.quality = Quality::draft;
  EXPECT_EQ(pick(large).options.detail, 80);
}

// A draft is settled small and enlarged; for want of memory it is what the network makes of it.
TEST_F(QualityTest, OfADraftIsLoweredToWhatIsPaintedAtOnce) {
  options_.quality = Quality::draft;
  const PickedQuality draft = pick({1024, 768});
  EXPECT_EQ(draft.options.start, "instant");
  EXPECT_LE(draft.options.iterations, StylizeOptions().iterations / 3);
  EXPECT_LE(stroke_side(draft.sizes.front()), 416);
  const auto lower = [&](const PickedQuality& q) {
    return lower_quality(q, options_, {1024, 768}, [this] { return speeds_; });
  };
  const auto at_once = lower(draft);
  ASSERT_TRUE(at_once);
  EXPECT_EQ(at_once->name, Quality::draft);
  EXPECT_EQ(at_once->options.method, Method::instant);
  EXPECT_FALSE(lower(*at_once));
  options_.iterations = 30;
  EXPECT_FALSE(lower(pick({1024, 768}))) << "steps were asked for";
}

// One of them asks for the optimiser; so do the others then.
TEST_F(QualityTest, IsTheSameForPicturesToCompare) {
  const Image content(large.width, large.height);
  ASSERT_NE(pick(large).name, Quality::best);
  std::vector<StylizeOptions> all(3, options_);
  all[1].iterations = 10;
  settle(all, content);
  for (const StylizeOptions& o : all) EXPECT_EQ(pick(o, large).name, Quality::best);
  all.assign(3, options_);
  settle(all, content);
  for (const StylizeOptions& o : all) EXPECT_EQ(o.quality, Quality::good);
  const Image small_one(64, 48);
  all.assign(3, options_);
  settle(all, small_one);
  for (const StylizeOptions& o : all) EXPECT_EQ(o.quality, Quality::good) << "many take long";
  all.assign(3, options_);
  all[0].quality = Quality::good;
  settle(all, content);
  EXPECT_EQ(all[0].quality, Quality::good);
}

TEST_F(QualityTest, RefusesContradictions) {
  options_.method = Method::instant;
  for (const Quality quality : {Quality::good, Quality::best}) {
    options_.quality = quality;
    expect_error(ErrorCode::usage, "and `method` instant contradict each other",
                 [&] { pick(small); });
  }
}

TEST_F(QualityTest, RefinesInFewerStepsFromWhatIsPaintedAtOnce) {
  options_.quality = Quality::good;
  const StylizeOptions good = pick({512, 384}).options;
  EXPECT_EQ(good.start, "instant");
  EXPECT_LT(good.iterations, StylizeOptions().iterations);
  EXPECT_EQ(good.scales, 2);
  options_.iterations = 90, options_.start = "noise";  // given ones stay
  EXPECT_EQ(pick(small).options.iterations, 90);
  EXPECT_EQ(pick(small).options.start, "noise");
}

TEST(EnlargingSizes, AtMostTriple) {
  for (const Size& whole : {Size{700, 700}, {801, 20}, {1920, 1080}, {37, 12001}, {100000, 1}}) {
    const std::vector<Size> sizes = enlarging_sizes(whole, 640);
    EXPECT_EQ(sizes.back().width, whole.width);
    EXPECT_EQ(sizes.back().height, whole.height);
    EXPECT_LE(stroke_side(sizes[0]), 832);
    for (size_t i = 1; i < sizes.size(); ++i) {
      EXPECT_LE(sizes[i].width, 3 * sizes[i - 1].width + 2);
      EXPECT_GE(sizes[i].height, sizes[i - 1].height);
    }
  }
  EXPECT_EQ(enlarging_sizes({700, 700}, 640).size(), 1u);
}

// What the small painting shows stays; what is finer comes from painting at the larger size.
TEST(Enlarge, KeepsThePaintingAndAddsDetail) {
  const Image photo = synthetic_picture(256, 192, 1), painting = synthetic_picture(128, 96, 2);
  const auto stripes = [](const PictureSource& seen, Image& painted) {
    blend(seen, 1, painted);  // of one pixel, and everything darker
    for (int i = 0; i < 3 * 256 * 192; ++i) {
      painted.data()[i] = painted.data()[i] * 0.5f + (i / 3 % 2 ? 0.1f : -0.1f);
    }
    return true;
  };
  const Image result = enlarge(painting, photo, 50, stripes);
  ASSERT_EQ(result.width(), 256);
  ASSERT_EQ(result.height(), 192);
  const Image low = resize(result, 40, 30), wanted = resize(painting, 40, 30);
  double difference = 0;
  for (int i = 0; i < 3 * 40 * 30; ++i) difference += std::abs(low.data()[i] - wanted.data()[i]);
  EXPECT_LT(difference / (3 * 40 * 30), 0.02);
  double contrast = 0;
  for (int x = 0; x < 256; ++x) contrast += (x % 2 ? 1 : -1) * result.row(90)[3 * x] / 256.0;
  EXPECT_GT(contrast, 0.05);
}

TEST(Enlarge, LeavesThePhotographAtStrengthZero) {
  const Image photo = synthetic_picture(200, 150, 1);
  const Image half = resize(photo, 100, 75);
  const Image result = enlarge(half, photo, 0, [](const PictureSource& seen, Image& painted) {
    blend(seen, 1, painted);
    return true;
  });
  EXPECT_LT(max_difference(result, photo), 1e-5);
}

// A whole run in each quality, with the built-in networks.
TEST(QualityRun, PaintsLargePicturesFromSmallOnes) {
  const Image photo = synthetic_picture(1100, 100, 1), painting = synthetic_picture(200, 200, 2);
  StylizeOptions options;
  options.iterations = 2;
  Session session;
  Progress quiet;
  for (const Quality quality : {Quality::draft, Quality::good}) {
    options.quality = quality;
    const StylizeResult result = stylize(session, photo, {painting}, options, quiet);
    EXPECT_EQ(result.quality, quality);
    EXPECT_EQ(result.image.width(), 1100);
    EXPECT_EQ(result.image.height(), 100);
    EXPECT_GT(max_difference(result.image, photo), 0.1);
  }
  options.strength = 0;
  for (const Quality quality : {Quality::draft, Quality::good, Quality::best}) {
    options.quality = quality;
    const StylizeResult result = stylize(session, photo, {painting}, options, quiet);
    EXPECT_LT(max_difference(result.image, photo), 0.03) << name_of(quality);
  }
}

}  // namespace
}  // namespace impasto::test
