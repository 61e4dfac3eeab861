#include "losses/style.h"

#include <cmath>
#include <utility>

#include "impasto/error.h"

namespace impasto {

namespace {

// Channels that are nearly dead leave numbers that processors multiply a hundred times more slowly.
double without_dust(double v) {
  return std::abs(v) < 1e-30 ? 0 : v;
}

// With S = (F - m)(F - m)^T / n, the gradient dF = 2/n dS (F - m) + dm / n is affine in F.
void spread(Backend& backend, const Tensor& features, const FeatureStatistics& now,
            const MomentGradient& moments, double weight, bool accumulate, const Tensor& gradient) {
  const int64_t c = now.channels;
  const DType type = features.dtype() == DType::f64 ? DType::f64 : DType::f32;
  const Tensor matrix({c, c}, DType::f64), bias({c}, DType::f64);
  double* a = matrix.data<double>();
  double* b = bias.data<double>();
  const double factor = weight / static_cast<double>(now.positions);
  for (int64_t i = 0; i < c; ++i) {
    double centre = 0;
    for (int64_t j = 0; j < c; ++j) {
      a[i * c + j] = without_dust(2 * factor * moments.covariance[static_cast<size_t>(i * c + j)]);
      centre += a[i * c + j] * now.mean[static_cast<size_t>(j)];
    }
    b[i] = factor * moments.mean[static_cast<size_t>(i)] - centre;
  }
  backend.channel_mix(features, matrix.to(type), bias.to(type), accumulate, gradient);
}

class StyleLoss : public FeatureLoss {
 public:
  using Terms = std::vector<std::pair<double, std::unique_ptr<StyleDistance>>>;
  StyleLoss(Terms terms, int64_t channels) : terms_(std::move(terms)), channels_(channels) {}

  void observe(Backend& backend, const Tensor& features) override {
    if (features.shape().c() != channels_) {
      throw Error(ErrorCode::internal, "style features: expected " + std::to_string(channels_) +
                                           " channels, found " + features.shape().str());
    }
    now_ = feature_statistics(backend, features);
  }

  double value(bool differentiate) override {
    MomentGradient part;
    total_ = {std::vector<double>(now_.mean.size()), std::vector<double>(now_.covariance.size())};
    double value = 0;
    for (const auto& [share, distance] : terms_) {
      value += share * distance->evaluate(now_, differentiate ? &part : nullptr);
      if (!differentiate) continue;
      for (size_t i = 0; i < total_.mean.size(); ++i) total_.mean[i] += share * part.mean[i];
      for (size_t i = 0; i < total_.covariance.size(); ++i) {
        total_.covariance[i] += share * part.covariance[i];
      }
    }
    return value;
  }

  void gradient(Backend& backend, const Tensor& features, double weight, const Tensor& gradient,
                bool accumulate) override {
    spread(backend, features, now_, total_, weight, accumulate, gradient);
  }

 private:
  Terms terms_;
  int64_t channels_;
  FeatureStatistics now_;  // of the features observed
  MomentGradient total_;   // with respect to them
};

void check(const std::vector<StyleTarget>& targets) {
  if (targets.empty()) throw Error(ErrorCode::usage, "a style loss: expected a style, found none");
  double sum = 0;
  for (const StyleTarget& t : targets) {
    if (!(t.weight >= 0) || !std::isfinite(t.weight)) {
      throw Error(ErrorCode::usage,
                  "the weight of a style: expected 0 or more, found " + std::to_string(t.weight));
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

}  // namespace

std::unique_ptr<FeatureLoss> make_style_loss(StyleKind kind, std::vector<StyleTarget> targets) {
  check(targets);
  double sum = 0;
  for (const StyleTarget& t : targets) sum += t.weight;
  if (kind == StyleKind::gram) targets = {blend(targets, sum)}, sum = 1;

  StyleLoss::Terms terms;
  for (const StyleTarget& t : targets) {
    const FeatureStatistics& s = t.statistics;
    if (t.weight == 0) continue;
    terms.emplace_back(t.weight / sum, kind == StyleKind::gram      ? make_gram_distance(s)
                                       : kind == StyleKind::moments ? make_moments_distance(s)
                                                                    : make_wasserstein_distance(s));
  }
  return std::make_unique<StyleLoss>(std::move(terms), targets[0].statistics.channels);
}

}  // namespace impasto
