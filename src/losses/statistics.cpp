#include <utility>

#include "impasto/error.h"
#include "losses/loss.h"

namespace impasto {

FeatureStatistics feature_statistics(Backend& backend, const Tensor& features) {
  const int64_t c = features.shape().c(), n = features.shape().pixels();
  if (n < 1) throw Error(ErrorCode::internal, "no positions in features " + features.shape().str());
  const DType type = features.dtype() == DType::f64 ? DType::f64 : DType::f32;
  const Tensor sums({c}, type), products({c, c}, type);
  backend.second_moments(features, sums, products);

  FeatureStatistics result{c, n, {}, {}};
  result.mean.resize(static_cast<size_t>(c));
  result.covariance.resize(static_cast<size_t>(c * c));
  const double count = static_cast<double>(n);
  dispatch(type, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, bfloat16>) {
      for (size_t i = 0; i < result.mean.size(); ++i) result.mean[i] = sums.data<T>()[i] / count;
      for (size_t i = 0; i < result.mean.size(); ++i) {
        for (size_t j = 0; j < result.mean.size(); ++j) {
          const size_t k = i * result.mean.size() + j;
          result.covariance[k] = products.data<T>()[k] / count - result.mean[i] * result.mean[j];
        }
      }
    }
  });
  return result;
}

}  // namespace impasto
