#include "losses/style.h"

#include <cmath>
#include <utility>

#include "base/number_text.h"
#include "impasto/error.h"

namespace impasto {

namespace {

// Channels that are nearly dead leave numbers that processors multiply a hundred times more slowly.
double without_dust(double v) {
  return std::abs(v) < 1e-30 ? 0 : v;
}

void check_targets(const std::vector<StyleTarget>& targets) {
  if (targets.empty()) throw Error(ErrorCode::usage, "a style loss: expected a style, found none");
  double sum = 0;
  for (const StyleTarget& t : targets) {
    if (!(t.weight >= 0) || !std::isfinite(t.weight)) {
      throw Error(ErrorCode::usage,
                  "the weight of a style: expected 0 or more, found " + significant(t.weight, 6));
    }
    if (t.statistics.channels != targets[0].statistics.channels) {
      throw Error(ErrorCode::internal, "styles with different numbers of channels at one tap");
    }
    sum += t.weight;
  }
  if (!(sum > 0)) throw Error(ErrorCode::usage, "the styles' weights: expected a sum above 0");
}

// The painting whose second moments are the weighted mean of all: as good as all for the Gram loss,
// which knows nothing else (neural-style-pt blends so, too).
StyleTarget blend(const std::vector<StyleTarget>& targets, double sum) {
  StyleTarget result{targets[0].statistics, 1};
  FeatureStatistics& mix = result.statistics;
  mix.mean.assign(mix.mean.size(), 0);
  mix.covariance.assign(mix.covariance.size(), 0);
  const size_t c = mix.mean.size();
  for (const StyleTarget& t : targets) {
    for (size_t k = 0; k < c * c; ++k) {
      mix.covariance[k] +=
          t.weight / sum *
          (t.statistics.covariance[k] + t.statistics.mean[k / c] * t.statistics.mean[k % c]);
    }
  }
  return result;
}

class StyleLoss : public FeatureLoss {
 public:
  explicit StyleLoss(StyleDistances distances) : distances_(std::move(distances)) {}

  void begin() override { now_ = {}; }

  void observe(Backend& backend, const Tensor& features, const Part&) override {
    distances_.check(features);
    now_ = together(now_, feature_statistics(backend, features));
  }

  double value(bool differentiate) override {
    return distances_.evaluate(now_, differentiate ? &slope_ : nullptr);
  }

  void gradient(Backend& backend, const Tensor& features, const Part&, double weight,
                const Tensor& gradient, bool accumulate) override {
    const FeatureSlope s = feature_slope(now_, slope_, weight, features.dtype());
    backend.channel_mix(features, s.matrix, s.bias, accumulate, gradient);
  }

 private:
  StyleDistances distances_;
  FeatureStatistics now_;  // of the features observed
  MomentGradient slope_;   // with respect to them
};

}  // namespace

FeatureSlope feature_slope(const FeatureStatistics& now, const MomentGradient& moments,
                           double weight, DType features) {
  const int64_t c = now.channels;
  const DType type = features == DType::f64 ? DType::f64 : DType::f32;
  const Tensor matrix({c, c}, DType::f64), bias({c}, DType::f64);
  double* a = matrix.data<double>();
  double* b = bias.data<double>();
  const double factor = weight / now.positions;
  for (int64_t i = 0; i < c; ++i) {
    double centre = 0;
    for (int64_t j = 0; j < c; ++j) {
      a[i * c + j] = without_dust(2 * factor * moments.covariance[static_cast<size_t>(i * c + j)]);
      centre += a[i * c + j] * now.mean[static_cast<size_t>(j)];
    }
    b[i] = factor * moments.mean[static_cast<size_t>(i)] - centre;
  }
  return {matrix.to(type), bias.to(type)};
}

StyleDistances::StyleDistances(StyleKind kind, std::vector<StyleTarget> targets) {
  check_targets(targets);
  channels_ = targets[0].statistics.channels;
  double sum = 0;
  for (const StyleTarget& t : targets) sum += t.weight;
  if (kind == StyleKind::gram) targets = {blend(targets, sum)}, sum = 1;
  for (const StyleTarget& t : targets) {
    const FeatureStatistics& s = t.statistics;
    if (t.weight == 0) continue;
    terms_.emplace_back(t.weight / sum, kind == StyleKind::gram ? make_gram_distance(s)
                                        : kind == StyleKind::moments
                                            ? make_moments_distance(s)
                                            : make_wasserstein_distance(s, t.unit));
  }
}

void StyleDistances::check(const Tensor& features) const {
  if (features.shape().c() == channels_) return;
  throw Error(ErrorCode::internal, "style features: expected " + std::to_string(channels_) +
                                       " channels, found " + features.shape().str());
}

double StyleDistances::evaluate(const FeatureStatistics& now, MomentGradient* gradient) const {
  MomentGradient part;
  if (gradient) {
    *gradient = {std::vector<double>(now.mean.size()), std::vector<double>(now.covariance.size())};
  }
  double value = 0;
  for (const auto& [share, distance] : terms_) {
    value += share * distance->evaluate(now, gradient ? &part : nullptr);
    if (!gradient) continue;
    for (size_t i = 0; i < part.mean.size(); ++i) gradient->mean[i] += share * part.mean[i];
    for (size_t i = 0; i < part.covariance.size(); ++i) {
      gradient->covariance[i] += share * part.covariance[i];
    }
  }
  return value;
}

std::unique_ptr<FeatureLoss> make_style_loss(StyleKind kind, std::vector<StyleTarget> targets) {
  return std::make_unique<StyleLoss>(StyleDistances(kind, std::move(targets)));
}

}  // namespace impasto
