#include "losses/geodesic.h"

#include <Eigen/Dense>

#include "impasto/error.h"
#include "losses/matrix_root.h"

namespace impasto {

FeatureStatistics between(const FeatureStatistics& from, const FeatureStatistics& to,
                          double share) {
  if (from.channels != to.channels) {
    throw Error(ErrorCode::internal, "statistics of " + std::to_string(from.channels) + " and of " +
                                         std::to_string(to.channels) + " channels");
  }
  constexpr double ridge = 1e-6;  // as the distance has it
  const int64_t c = to.channels;
  // A moves features from one to the other: A S A = S'.
  std::vector<double> map;
  cross_trace(symmetric_root(to.covariance, c), from.covariance, c, ridge, &map);
  using Matrix = Eigen::Map<const Eigen::MatrixXd>;
  const Matrix a(map.data(), c, c), s(from.covariance.data(), c, c), t(to.covariance.data(), c, c);
  const Eigen::MatrixXd mixed = a * s;
  const double rest = 1 - share;
  FeatureStatistics result = to;
  Eigen::Map<Eigen::MatrixXd>(result.covariance.data(), c, c) =
      rest * rest * s + share * rest * (mixed + mixed.transpose()) + share * share * t;
  for (size_t i = 0; i < result.mean.size(); ++i) {
    result.mean[i] = rest * from.mean[i] + share * to.mean[i];
  }
  return result;
}

}  // namespace impasto
