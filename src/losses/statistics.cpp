#include <algorithm>
#include <vector>

#include "impasto/error.h"
#include "losses/loss.h"

namespace impasto {

namespace {

// Positions whose sums are made in one go: few enough to stay in the cache and to need little
// scratch memory (oneDNN wants up to 128 bytes a position), and for f32 sums to be good.
constexpr int64_t block_positions = 1 << 14;

template <class T>
void add(const Tensor& from, std::vector<double>& to) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += static_cast<double>(from.data<T>()[i]);
}

}  // namespace

FeatureStatistics feature_statistics(Backend& backend, const Tensor& features) {
  const Shape& s = features.shape();
  const int64_t c = s.c(), n = s.pixels(), rows = s.n() * s.h();
  if (n < 1) throw Error(ErrorCode::internal, "no positions in features " + s.str());
  const DType type = features.dtype() == DType::f64 ? DType::f64 : DType::f32;
  const Tensor sums({c}, type), products({c, c}, type);
  FeatureStatistics result{c, n, {}, {}};
  result.mean.resize(static_cast<size_t>(c));
  result.covariance.resize(static_cast<size_t>(c * c));
  const int64_t step = std::max<int64_t>(1, block_positions / s.w());
  for (int64_t row = 0; row < rows; row += step) {
    const Shape block{1, std::min(step, rows - row), s.w(), c};
    backend.second_moments(features.slice(row * s.w() * c, block), sums, products);
    type == DType::f64 ? add<double>(sums, result.mean) : add<float>(sums, result.mean);
    type == DType::f64 ? add<double>(products, result.covariance)
                       : add<float>(products, result.covariance);
  }
  const double count = static_cast<double>(n);
  for (double& m : result.mean) m /= count;
  for (size_t k = 0; k < result.covariance.size(); ++k) {
    const size_t i = k / result.mean.size(), j = k % result.mean.size();
    result.covariance[k] = result.covariance[k] / count - result.mean[i] * result.mean[j];
  }
  return result;
}

}  // namespace impasto
