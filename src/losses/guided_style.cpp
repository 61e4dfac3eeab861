#include "losses/guided_style.h"

#include <string>
#include <utility>

#include "impasto/error.h"
#include "losses/style.h"

namespace impasto {

namespace {

class GuidedStyleLoss : public FeatureLoss {
 public:
  GuidedStyleLoss(StyleDistances distances, Guide guide)
      : distances_(std::move(distances)), guide_(std::move(guide)) {}

  void begin() override { now_ = {}; }

  // The guide is one of the whole picture: parts do not come here.
  void observe(Backend& backend, const Tensor& features, const Part&) override {
    distances_.check(features);
    if (!empty()) now_ = guided_statistics(backend, features, guide_);
  }

  double value(bool differentiate) override {
    return empty() ? 0 : distances_.evaluate(now_, differentiate ? &slope_ : nullptr);
  }

  void gradient(Backend& backend, const Tensor& features, const Part&, double weight,
                const Tensor& gradient, bool accumulate) override {
    if (empty()) {
      if (!accumulate) gradient.fill(0);
      return;
    }
    const FeatureSlope s = feature_slope(now_, slope_, weight, features.dtype());
    backend.guided_mix(features, guide_, s.matrix, s.bias, accumulate, gradient);
  }

 private:
  bool empty() const { return guide_.positions.empty(); }

  StyleDistances distances_;
  Guide guide_;
  FeatureStatistics now_;  // of the features observed, within the guide
  MomentGradient slope_;   // with respect to them
};

}  // namespace

Guide make_guide(const std::vector<float>& weights, int64_t height, int64_t width) {
  if (static_cast<int64_t>(weights.size()) != height * width) {
    throw Error(ErrorCode::internal, "a guide: expected " + std::to_string(height * width) +
                                         " weights, found " + std::to_string(weights.size()));
  }
  Guide guide;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] > 0)) continue;
    guide.positions.push_back(static_cast<int32_t>(i));
    guide.weights.push_back(weights[i]);
    guide.sum += static_cast<double>(weights[i]);
  }
  return guide;
}

FeatureStatistics guided_statistics(Backend& backend, const Tensor& features, const Guide& guide) {
  if (guide.positions.empty()) throw Error(ErrorCode::internal, "a guide without positions");
  const int64_t c = features.shape().c();
  const Tensor sums({c}, DType::f64), products({c, c}, DType::f64);
  backend.guided_moments(features, guide, sums, products);
  return statistics_of_sums(sums, products, guide.sum);
}

std::unique_ptr<FeatureLoss> make_guided_style_loss(StyleKind kind,
                                                    std::vector<StyleTarget> targets, Guide guide) {
  return std::make_unique<GuidedStyleLoss>(StyleDistances(kind, std::move(targets)),
                                           std::move(guide));
}

}  // namespace impasto
