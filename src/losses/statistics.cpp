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

}  // namespace impasto
