#include <utility>

#include "losses/style.h"

namespace impasto {

namespace {

// F F^T / n from centred statistics.
std::vector<double> second_moment(const FeatureStatistics& s) {
  std::vector<double> result = s.covariance;
  const size_t c = s.mean.size();
  for (size_t k = 0; k < c * c; ++k) result[k] += s.mean[k / c] * s.mean[k % c];
  return result;
}

class GramDistance : public StyleDistance {
 public:
  explicit GramDistance(const FeatureStatistics& painting) : target_(second_moment(painting)) {}

  double evaluate(const FeatureStatistics& now, MomentGradient* gradient) const override {
    const size_t c = now.mean.size();
    // G and A are second moments / c; the mean is over c^2 entries.
    const double divisor = static_cast<double>(c) * static_cast<double>(c);
    const double scale = 1 / (divisor * divisor);
    std::vector<double> difference = second_moment(now);
    double sum = 0;
    for (size_t k = 0; k < c * c; ++k) {
      difference[k] -= target_[k];
      sum += difference[k] * difference[k];
    }
    if (gradient) {
      // The second moment is S + m m^T, so dm = 2 dS m.
      gradient->covariance = std::move(difference);
      gradient->mean.assign(c, 0);
      for (size_t k = 0; k < c * c; ++k) {
        gradient->covariance[k] *= 2 * scale;
        gradient->mean[k / c] += 2 * gradient->covariance[k] * now.mean[k % c];
      }
    }
    return sum * scale;
  }

 private:
  std::vector<double> target_;
};

}  // namespace

std::unique_ptr<StyleDistance> make_gram_distance(const FeatureStatistics& painting) {
  return std::make_unique<GramDistance>(painting);
}

}  // namespace impasto
