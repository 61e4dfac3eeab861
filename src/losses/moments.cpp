#include <cmath>

#include "losses/style.h"

namespace impasto {

namespace {

// Standard deviation of all elements of the tap, as torch.std: divided by their number less one.
double deviation(const FeatureStatistics& s) {
  const size_t c = s.mean.size();
  const double n = s.positions, elements = n * static_cast<double>(c);
  if (elements < 2) return 0;
  double mean = 0, sum = 0;
  for (const double m : s.mean) mean += m / static_cast<double>(c);
  for (size_t i = 0; i < c; ++i) {
    sum += n * (s.covariance[i * c + i] + (s.mean[i] - mean) * (s.mean[i] - mean));
  }
  return std::sqrt(std::max(sum, 0.0) / (elements - 1));
}

class MomentsDistance : public StyleDistance {
 public:
  explicit MomentsDistance(const FeatureStatistics& painting)
      : covariance_(painting.covariance), mean_(painting.mean) {
    const double unit = deviation(painting);
    for (double& m : mean_) m *= unit;
    for (const double s : covariance_) divisor_ += s * s;
    for (const double m : mean_) divisor_ += m * m;
    if (!(divisor_ > 0)) divisor_ = 1;  // a painting without any features: plain differences
  }

  double evaluate(const FeatureStatistics& now, MomentGradient* gradient) const override {
    const double unit = deviation(now);
    const auto difference = [&](size_t k) { return now.covariance[k] - covariance_[k]; };
    const auto shift = [&](size_t i) { return now.mean[i] * unit - mean_[i]; };
    double sum = 0;
    for (size_t k = 0; k < covariance_.size(); ++k) sum += difference(k) * difference(k);
    for (size_t i = 0; i < mean_.size(); ++i) sum += shift(i) * shift(i);
    if (gradient) {
      gradient->covariance.resize(covariance_.size());
      gradient->mean.resize(mean_.size());
      for (size_t k = 0; k < covariance_.size(); ++k) {
        gradient->covariance[k] = 2 * difference(k) / divisor_;
      }
      for (size_t i = 0; i < mean_.size(); ++i) {
        gradient->mean[i] = 2 * shift(i) * unit / divisor_;
      }
    }
    return sum / divisor_;
  }

 private:
  std::vector<double> covariance_, mean_;  // the mean in the unit of the covariance
  double divisor_ = 0;                     // sum of squares of both
};

}  // namespace

std::unique_ptr<StyleDistance> make_moments_distance(const FeatureStatistics& painting) {
  return std::make_unique<MomentsDistance>(painting);
}

}  // namespace impasto
