// Between two pictures' statistics.

#include "losses/geodesic.h"

#include "impasto/error.h"
#include "losses/helpers.h"
#include "losses/style.h"

namespace impasto::test {
namespace {

FeatureStatistics statistics(int64_t positions, int64_t channels, uint64_t seed) {
  const auto backend = make_reference_backend();
  return feature_statistics(*backend, random_features({1, positions, 7, channels}, seed));
}

double squared_distance(const FeatureStatistics& from, const FeatureStatistics& to) {
  double trace = 0;
  for (int64_t c = 0; c < to.channels; ++c) {
    trace += to.covariance[static_cast<size_t>(c * (to.channels + 1))];
  }
  return make_wasserstein_distance(to)->evaluate(from, nullptr) * trace;
}

TEST(Geodesic, BeginsAndEndsAtThePictures) {
  const FeatureStatistics from = statistics(9, 6, 1), to = statistics(11, 6, 2);
  for (const auto& [share, end] : {std::pair{0.0, &from}, {1.0, &to}}) {
    const FeatureStatistics found = between(from, to, share);
    for (size_t i = 0; i < 36; ++i) EXPECT_NEAR(found.covariance[i], end->covariance[i], 1e-12);
    for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(found.mean[i], end->mean[i], 1e-12);
  }
}

TEST(Geodesic, DividesTheDistanceEvenly) {
  const FeatureStatistics from = statistics(9, 6, 1), to = statistics(11, 6, 2);
  const double whole = std::sqrt(squared_distance(from, to));
  for (const double share : {0.1, 0.25, 0.5, 0.9}) {
    const FeatureStatistics found = between(from, to, share);
    EXPECT_NEAR(std::sqrt(squared_distance(from, found)), share * whole, 1e-3 * whole) << share;
    EXPECT_NEAR(std::sqrt(squared_distance(found, to)), (1 - share) * whole, 1e-3 * whole) << share;
  }
}

TEST(Geodesic, TakesPicturesOfFewPositions) {
  FeatureStatistics one = statistics(9, 6, 1);
  std::fill(one.covariance.begin(), one.covariance.end(), 0);
  const FeatureStatistics to = statistics(11, 6, 2);
  for (const auto& [a, b] : {std::pair{one, to}, {to, one}, {one, one}}) {
    const FeatureStatistics found = between(a, b, 0.5);
    for (const double v : found.covariance) EXPECT_TRUE(std::isfinite(v));
    for (size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(found.mean[i], (a.mean[i] + b.mean[i]) / 2, 1e-12);
      EXPECT_GE(found.covariance[7 * i], 0);
    }
  }
}

TEST(Geodesic, RefusesStatisticsThatDoNotFit) {
  EXPECT_THROW(between(statistics(9, 6, 1), statistics(9, 5, 1), 0.5), Error);
}

}  // namespace
}  // namespace impasto::test
