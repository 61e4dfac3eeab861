#include "train/paint_loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/parallel.h"
#include "models/vgg.h"
#include "nn/networks.h"

namespace impasto::test {
namespace {

constexpr int64_t side = 64;  // more positions than channels at every tap

// Two pictures, in double, by the reference.
class PaintLossTest : public testing::Test {
 protected:
  static Tensor pictures(int64_t count, uint64_t seed) {
    Random random(seed);
    Tensor t({count, side, side, 3}, DType::f64);
    for (int64_t i = 0; i < t.size(); ++i) t.data<double>()[i] = random.uniform();
    return t;
  }
  std::vector<std::string> taps() const {
    std::vector<std::string> all = style_taps();
    all.insert(all.end(), PaintLoss::content_taps().begin(), PaintLoss::content_taps().end());
    return all;
  }
  std::vector<PaintTarget> targets(int64_t count) {
    Plan plan(encoder_, *backend_, {count, side, side, 3}, {DType::f64, taps(), false, false});
    const Tensor styles = pictures(count, 7);
    plan.forward(styles);
    std::vector<PaintTarget> all;
    for (int64_t i = 0; i < count; ++i) {
      all.push_back({picture_statistics(*backend_, styles.to(DType::f32), plan, i), 0.3 + i});
    }
    return all;
  }
  std::vector<std::pair<std::string, double>> evaluate(const Tensor& painted, const Tensor& photos,
                                                       const std::vector<PaintTarget>& targets,
                                                       const Tensor& gradient,
                                                       const PaintLossWeights& weights = {}) {
    Plan content(encoder_, *backend_, photos.shape(), {DType::f64, taps(), false, false});
    content.forward(photos);
    PaintLoss loss(encoder_, *backend_, photos.shape(), DType::f64, weights);
    return loss.evaluate(painted, content, targets, gradient);
  }
  static Tensor one_of(const Tensor& batch, int64_t i) {
    const Shape one{1, side, side, 3};
    return batch.slice(i * one.size(), one);
  }

  const UseThreads one_{1};
  std::unique_ptr<Backend> backend_ = make_reference_backend();
  std::shared_ptr<Graph> encoder_ = [] {
    VggConfig config;
    config.widths = {{4, 4}, {5, 5}, {6, 6, 6, 6}, {6, 6, 6, 6}, {6}};
    config.padding = PadMode::reflect;
    config.pooling = PoolKind::average;  // without kinks
    return with_parameters(make_vgg(config), 2, DType::f64);
  }();
};

TEST_F(PaintLossTest, GradientAgreesWithFiniteDifferences) {
  const Tensor photos = pictures(2, 1), painted = pictures(2, 2);
  const auto targets = this->targets(2);
  const Tensor gradient({2, side, side, 3}, DType::f64), unused(gradient.shape(), DType::f64);
  // Style's is that of a root whose ridge is held constant: off where a covariance is nearly
  // singular, as random features' is. tests/losses measures it where none is.
  const std::vector<std::pair<PaintLossWeights, double>> cases = {{{0, 8, 50}, 1e-6},
                                                                  {{10, 8, 50}, 0.02}};
  for (const auto& [weights, tolerance] : cases) {
    const auto terms = evaluate(painted, photos, targets, gradient, weights);
    double sum = 0;
    for (size_t i = 1; i < terms.size(); ++i) sum += terms[i].second;
    EXPECT_NEAR(terms[0].second, sum, 1e-9 * sum);
    Random random(5);
    for (int direction = 0; direction < 4; ++direction) {
      const Tensor up = painted.clone(), down = painted.clone();
      double slope = 0;
      constexpr double step = 1e-6;
      for (int64_t i = 0; i < painted.size(); ++i) {
        const double d = random.normal();
        up.data<double>()[i] += step * d;
        down.data<double>()[i] -= step * d;
        slope += d * gradient.data<double>()[i];
      }
      const auto above = evaluate(up, photos, targets, unused, weights);
      const auto below = evaluate(down, photos, targets, unused, weights);
      double scale = 0;  // terms may cancel each other out
      for (size_t i = 1; i < above.size(); ++i) {
        scale += std::abs(above[i].second - below[i].second) / (2 * step);
      }
      const double measured = (above[0].second - below[0].second) / (2 * step);
      EXPECT_NEAR(slope, measured, tolerance * scale) << "style " << weights.style;
    }
  }
}

TEST_F(PaintLossTest, IsTheMeanOverThePictures) {
  const Tensor photos = pictures(2, 1), painted = pictures(2, 2);
  const auto targets = this->targets(2);
  const Tensor together({2, side, side, 3}, DType::f64), alone({1, side, side, 3}, DType::f64);
  const auto both = evaluate(painted, photos, targets, together);
  std::vector<double> sums(both.size());
  for (int64_t i = 0; i < 2; ++i) {
    const auto one =
        evaluate(one_of(painted, i), one_of(photos, i), {targets[static_cast<size_t>(i)]}, alone);
    for (size_t t = 0; t < one.size(); ++t) sums[t] += 0.5 * one[t].second;
    for (int64_t k = 0; k < alone.size(); ++k) {
      ASSERT_NEAR(one_of(together, i).at(k), 0.5 * alone.at(k), 1e-9);
    }
  }
  for (size_t t = 0; t < both.size(); ++t) {
    EXPECT_NEAR(both[t].second, sums[t], 1e-9 * sums[t]) << both[t].first;
  }
}

TEST_F(PaintLossTest, WithoutTheRestOnlyStyleCounts) {
  auto targets = this->targets(1);
  targets[0].rest_weight = 0;
  const Tensor gradient({1, side, side, 3}, DType::f64);
  const auto terms = evaluate(pictures(1, 2), pictures(1, 1), targets, gradient);
  for (const auto& [term, value] : terms) {
    if (term == "style" || term == "total")
      EXPECT_EQ(value, terms[0].second);
    else
      EXPECT_EQ(value, 0) << term;
  }
}

}  // namespace
}  // namespace impasto::test
