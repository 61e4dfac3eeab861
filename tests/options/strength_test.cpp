// What strength stands for.

#include "options/strength.h"

#include <gtest/gtest.h>

#include <cmath>

#include "impasto/assess.h"
#include "impasto/stylizer.h"
#include "support/synthetic.h"

namespace impasto::test {
namespace {

TEST(Strength, BeginsWithNothingAndGoesOnEvenly) {
  EXPECT_EQ(style_share(0), 0);
  EXPECT_EQ(style_share(25), 0.5);
  EXPECT_EQ(style_share(50), 1);
  EXPECT_EQ(style_share(100), 1);
  for (const StyleKind loss : {StyleKind::w2, StyleKind::moments, StyleKind::gram}) {
    EXPECT_EQ(style_weight_for(0, loss), 0);
    EXPECT_GT(style_weight_for(1, loss), 0);
    EXPECT_EQ(style_weight_for(20, loss), style_weight_for(50, loss));
    EXPECT_NEAR(style_weight_for(100, loss), 10 * style_weight_for(50, loss), 1e-9);
  }
  EXPECT_EQ(smoothing_share(0), 0);
  EXPECT_EQ(first_brush(0).opacity, 0);
  EXPECT_EQ(first_brush(50).opacity, 1);
  EXPECT_EQ(first_brush(50).share, 1);
  EXPECT_EQ(second_brush(50).opacity, 0);
  EXPECT_EQ(second_brush(100).opacity, 1);
  EXPECT_EQ(second_brush(100).boldness, 1);
}

TEST(Strength, OfPaintingAtOnceIsSeenAtEveryStep) {
  StylizeOptions options;
  options.method = Method::instant;
  const auto shared = [](int width, int height, uint64_t seed) {
    return std::make_shared<const Painting>(synthetic_picture(width, height, seed));
  };
  const SharedImage photo = shared(160, 120, 1);
  const SharedPainting painting = shared(160, 160, 2);
  Session session;
  Stylizer stylizer(session, options);
  Progress quiet;
  Image before = *photo;
  double content = -1;
  for (const double strength : {0, 5, 10, 25, 50, 75, 100}) {
    options.strength = strength;
    stylizer.set_options(options);
    const StylizeResult result = stylizer.paint(photo, {painting}, quiet);
    double sum = 0;
    for (int i = 0; i < 3 * 160 * 120; ++i) {
      sum += std::abs(result.image.data()[i] - before.data()[i]) / (3 * 160 * 120);
    }
    if (strength == 0) {
      EXPECT_EQ(sum, 0);
    } else {
      EXPECT_GT(sum, 0.003) << strength;
      EXPECT_LT(sum, 0.12) << strength;
    }
    const Assessment a = assess(session, *photo, {*painting}, options, result);
    EXPECT_GT(a.content, content - 0.01) << strength;
    content = a.content;
    before = result.image;
  }
}

class Recorder final : public Progress {
 public:
  void report(const ProgressReport& r) override {
    EXPECT_GE(r.fraction, last);
    last = r.fraction;
  }
  double last = 0;
};

TEST(Strength, ASecondPassIsPartOfTheWay) {
  StylizeOptions options;
  options.method = Method::instant;
  options.strength = 100;
  Recorder progress;
  Session session;
  stylize(session, synthetic_picture(80, 64, 1), {synthetic_picture(64, 64, 2)}, options, progress);
  EXPECT_EQ(progress.last, 1);
}

}  // namespace
}  // namespace impasto::test
