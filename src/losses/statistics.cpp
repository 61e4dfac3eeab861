#include <vector>

#include "impasto/error.h"
#include "losses/loss.h"

namespace impasto {

FeatureStatistics feature_statistics(Backend& backend, const Tensor& features) {
  const int64_t c = features.shape().c(), n = features.shape().pixels();
  if (n < 1) {
    throw Error(ErrorCode::internal, "no positions in features " + features.shape().str());
  }
  const Tensor sums({c}, DType::f64), products({c, c}, DType::f64);
  backend.second_moments(features, sums, products);
  return statistics_of_sums(sums, products, static_cast<double>(n));
}

FeatureStatistics statistics_of_sums(const Tensor& sums, const Tensor& products, double count) {
  const int64_t c = sums.size();
  FeatureStatistics result{c, count, {}, {}};
  for (int64_t i = 0; i < c; ++i) result.mean.push_back(sums.data<double>()[i] / count);
  for (int64_t k = 0; k < c * c; ++k) {
    result.covariance.push_back(products.data<double>()[k] / count -
                                result.mean[static_cast<size_t>(k / c)] *
                                    result.mean[static_cast<size_t>(k % c)]);
  }
  return result;
}

FeatureStatistics together(const FeatureStatistics& a, const FeatureStatistics& b) {
  if (a.positions == 0) return b;
  FeatureStatistics sum{a.channels, a.positions + b.positions, a.mean, a.covariance};
  const double share = b.positions / sum.positions;
  const auto c = static_cast<size_t>(a.channels);
  for (size_t i = 0; i < c; ++i) {
    for (size_t j = 0; j < c; ++j) {
      const size_t k = i * c + j;
      sum.covariance[k] = (1 - share) * a.covariance[k] + share * b.covariance[k] +
                          share * (1 - share) * (b.mean[i] - a.mean[i]) * (b.mean[j] - a.mean[j]);
    }
  }
  for (size_t i = 0; i < c; ++i) sum.mean[i] += share * (b.mean[i] - a.mean[i]);
  return sum;
}

}  // namespace impasto
