// The map from a content's statistics to a style's: where it leads, and that it goes the short way.

#include "transfer/transfer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "losses/dense.h"
#include "losses/helpers.h"
#include "transfer/roots.h"

namespace impasto::test {
namespace {

// A covariance whose eigenvalues fall from 1 to `smallest`.
Tensor covariance(int64_t c, double smallest, uint64_t seed) {
  const Dense q = random_rotation(c, seed);
  Dense values(c, c);
  for (int64_t i = 0; i < c; ++i) {
    values.at(i, i) = std::pow(smallest, static_cast<double>(i) / static_cast<double>(c - 1));
  }
  return tensor({c, c}, (transposed(q) * values * q).values, DType::f32);
}

TEST(Roots, SquareToTheMatrixAndInvert) {
  const auto backend = make_cpu_backend();
  for (const int64_t c : {2, 16, 128}) {
    const Tensor m = covariance(c, 1e-4, 3);
    const Roots roots = symmetric_roots(*backend, m);
    const Dense a = dense(m), r = dense(roots.root), i = dense(roots.inverse);
    // Single precision loses the condition number's square root, 100, of its seven digits.
    EXPECT_LT(norm(r * r - a) / norm(a), 1e-4) << c;
    EXPECT_LT(norm(i * a * i - identity(c)) / std::sqrt(c), 1e-2) << c;
  }
}

TEST(Roots, AreFiniteForMatricesWithoutOne) {
  const auto backend = make_cpu_backend();
  const Tensor one_direction = Tensor::zeros({5, 5});
  one_direction.data<float>()[12] = 4;
  for (const Tensor& m : {Tensor::zeros({5, 5}), Tensor::full({5, 5}, NAN), one_direction}) {
    const Roots roots = symmetric_roots(*backend, m);
    EXPECT_TRUE(all_finite(roots.root));
    EXPECT_TRUE(all_finite(roots.inverse));
  }
  const Tensor negative = Tensor::zeros({2, 2});
  negative.data<float>()[0] = 1;
  negative.data<float>()[3] = -1;
  EXPECT_TRUE(all_finite(symmetric_roots(*backend, negative).inverse));
  EXPECT_NEAR(symmetric_roots(*backend, one_direction).root.at(12), 2, 1e-5);
}

class TransferTest : public testing::Test {
 protected:
  PictureStatistics statistics(uint64_t seed, double scale, double shift) {
    Tensor f = random_features({1, 40, 30, 6}, seed, DType::f32);
    for (int64_t i = 0; i < f.size(); ++i) {
      f.data<float>()[i] = static_cast<float>(f.at(i) * scale + shift);
    }
    return {feature_statistics(*backend_, f)};
  }
  // What the map makes of features, measured.
  FeatureStatistics moved(const Tensor& f, const ChannelMap& map) {
    const Tensor result(f.shape());
    backend_->channel_mix(f, map.matrix, map.bias, false, result);
    return feature_statistics(*backend_, result);
  }
  static double distance(const FeatureStatistics& a, const FeatureStatistics& b) {
    double sum = 0, size = 0;
    for (size_t i = 0; i < a.covariance.size(); ++i) {
      sum += std::pow(a.covariance[i] - b.covariance[i], 2);
      size += std::pow(b.covariance[i], 2);
    }
    for (size_t i = 0; i < a.mean.size(); ++i) {
      sum += std::pow(a.mean[i] - b.mean[i], 2);
      size += std::pow(b.mean[i], 2);
    }
    return std::sqrt(sum / size);
  }

  std::unique_ptr<Backend> backend_ = make_cpu_backend();
  PictureStatistics content_ = statistics(1, 1, 0), other_ = statistics(2, 0.5, 0.2);
  StyleStatistics style_ = prepare_style(*backend_, statistics(7, 3, -1));
};

TEST_F(TransferTest, ReachesTheStyle) {
  const Transfer t = make_transfer(*backend_, content_, style_, 1);
  // But for the ridge, a hundredth of the mean variance.
  EXPECT_LT(distance(t.reached[0], style_.statistics[0]), 0.05);
}

TEST_F(TransferTest, TellsWhatItReaches) {
  const Tensor f = random_features({1, 40, 30, 6}, 1, DType::f32);  // content_'s
  for (const double share : {0.0, 0.3, 1.0}) {
    const Transfer t = make_transfer(*backend_, content_, style_, share);
    EXPECT_LT(distance(moved(f, t.maps[0]), t.reached[0]), 1e-4) << share;
  }
}

TEST_F(TransferTest, LeavesFeaturesAloneAtShareZeroAndTowardsThemselves) {
  const StyleStatistics same = prepare_style(*backend_, content_);
  const std::pair<const StyleStatistics*, double> cases[] = {
      {&style_, 0}, {&same, 1}, {&same, 0.5}};
  for (const auto& [style, share] : cases) {
    const Transfer t = make_transfer(*backend_, content_, *style, share);
    EXPECT_LT(norm(dense(t.maps[0].matrix) - identity(6)), 1e-2);
    EXPECT_LT(largest(t.maps[0].bias), 1e-2);
  }
}

// Optimal transport between Gaussians is a symmetric positive definite map: no direction is turned
// around, and features move no further than they must.
TEST_F(TransferTest, IsSymmetricAndPositive) {
  const Transfer t = make_transfer(*backend_, content_, style_, 1);
  const Dense m = dense(t.maps[0].matrix);
  EXPECT_LT(norm(m - transposed(m)), 1e-5 * norm(m));
  EXPECT_TRUE(is_positive(m));
}

TEST_F(TransferTest, MixesStylesByWeight) {
  const StyleStatistics other = prepare_style(*backend_, other_);
  const Transfer a = make_transfer(*backend_, content_, style_, 1);
  const Transfer b = make_transfer(*backend_, content_, other, 1);
  const Transfer mixed = make_transfer(*backend_, content_, {{style_, 6}, {other, 2}}, 1);
  const Dense expected = 0.75 * dense(a.maps[0].matrix) + 0.25 * dense(b.maps[0].matrix);
  EXPECT_LT(norm(dense(mixed.maps[0].matrix) - expected), 1e-5 * norm(expected));
  const Transfer alone = make_transfer(*backend_, content_, {{style_, 1}, {other, 0}}, 1);
  EXPECT_LT(distance(alone.reached[0], a.reached[0]), 1e-6);
}

TEST_F(TransferTest, SurvivesFlatPictures) {
  const Tensor flat = Tensor::full({1, 4, 4, 6}, 0.5);
  const PictureStatistics nothing = {feature_statistics(*backend_, flat)};
  const StyleStatistics flat_style = prepare_style(*backend_, nothing);
  for (const auto& t : {make_transfer(*backend_, nothing, style_, 1),
                        make_transfer(*backend_, content_, flat_style, 1),
                        make_transfer(*backend_, nothing, flat_style, 1)}) {
    EXPECT_TRUE(all_finite(t.maps[0].matrix));
    EXPECT_TRUE(all_finite(t.maps[0].bias));
  }
}

}  // namespace
}  // namespace impasto::test
