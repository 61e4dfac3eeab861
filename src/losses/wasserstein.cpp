#include <Eigen/Dense>
#include <algorithm>

#include "losses/matrix_root.h"
#include "losses/style.h"

namespace impasto {

namespace {

using Symmetric = Eigen::Map<const Eigen::MatrixXd>;  // symmetric, so any order of elements

class WassersteinDistance : public StyleDistance {
 public:
  WassersteinDistance(const FeatureStatistics& painting, double unit)
      : mean_(painting.mean), root_(symmetric_root(painting.covariance, painting.channels)) {
    const Eigen::Map<const Eigen::VectorXd> m(mean_.data(), painting.channels);
    trace_ = variance_of(painting);
    divisor_ = unit > 0 ? unit : trace_;
    // A flat painting has no variance to measure by (its covariance is noise of single precision):
    // its mean is a unit, too.
    if (!(divisor_ > 1e-6 * m.squaredNorm())) divisor_ = m.squaredNorm();
    if (!(divisor_ > 0)) divisor_ = 1;
  }

  double evaluate(const FeatureStatistics& now, MomentGradient* gradient) const override {
    constexpr double ridge = 1e-6;
    const int64_t c = now.channels;
    const Eigen::Map<const Eigen::VectorXd> m(now.mean.data(), c), target(mean_.data(), c);
    const double cross =
        cross_trace(root_, now.covariance, c, ridge, gradient ? &gradient->covariance : nullptr);
    if (gradient) {
      gradient->mean.resize(static_cast<size_t>(c));
      Eigen::Map<Eigen::VectorXd>(gradient->mean.data(), c) = 2 * (m - target) / divisor_;
      Eigen::Map<Eigen::MatrixXd> ds(gradient->covariance.data(), c, c);
      ds = (Eigen::MatrixXd::Identity(c, c) - ds) / divisor_;
    }
    const double trace = Symmetric(now.covariance.data(), c, c).trace();
    return ((m - target).squaredNorm() + trace + trace_ - 2 * cross) / divisor_;
  }

 private:
  std::vector<double> mean_, root_;  // of the painting; the root of its covariance
  double trace_ = 0, divisor_ = 0;
};

}  // namespace

double variance_of(const FeatureStatistics& s) {
  return Symmetric(s.covariance.data(), s.channels, s.channels).trace();
}

double variance_of(const FeatureStatistics& s, size_t channel) {
  return std::max(0.0, s.covariance[channel * (s.mean.size() + 1)]);
}

double mean_variance_of(const FeatureStatistics& s) {
  return std::max(0.0, variance_of(s)) / static_cast<double>(s.channels);
}

std::unique_ptr<StyleDistance> make_wasserstein_distance(const FeatureStatistics& painting,
                                                         double unit) {
  return std::make_unique<WassersteinDistance>(painting, unit);
}

}  // namespace impasto
