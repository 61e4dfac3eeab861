#include "losses/guided_style.h"

#include <algorithm>
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

  void observe(Backend& backend, const Tensor& features, const Part& part) override {
    distances_.check(features);
    within(part, features.shape(), [&](const Guide& guide) {
      now_ = together(now_, guided_statistics(backend, features, guide));
    });
  }

  double value(bool differentiate) override {
    return empty() ? 0 : distances_.evaluate(now_, differentiate ? &slope_ : nullptr);
  }

  void gradient(Backend& backend, const Tensor& features, const Part& part, double weight,
                const Tensor& gradient, bool accumulate) override {
    const bool seen = within(part, features.shape(), [&](const Guide& guide) {
      const FeatureSlope s = feature_slope(now_, slope_, weight, features.dtype());
      backend.guided_mix(features, guide, s.matrix, s.bias, accumulate, gradient);
    });
    if (!seen && !accumulate) gradient.fill(0);
  }

 private:
  bool empty() const { return guide_.positions.empty(); }

  // Calls f with what of the guide is in a part, unless that is nothing; whether it did.
  template <class F>
  bool within(const Part& part, const Shape& features, const F& f) const {
    const bool whole = features.h() == guide_.height && features.w() == guide_.width;
    const Guide own = whole ? Guide() : guide_within(guide_, part, features);
    const Guide& guide = whole ? guide_ : own;
    if (guide.positions.empty()) return false;
    f(guide);
    return true;
  }

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
  guide.height = height;
  guide.width = width;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] > 0)) continue;
    guide.positions.push_back(static_cast<int32_t>(i));
    guide.weights.push_back(weights[i]);
    guide.sum += static_cast<double>(weights[i]);
  }
  return guide;
}

Guide guide_within(const Guide& guide, const Part& part, const Shape& features) {
  Guide own;
  own.height = features.h();
  own.width = features.w();
  auto at = guide.positions.begin();
  for (int64_t y = 0; y < own.height; ++y) {
    const int64_t first = (part.y + y) * guide.width + part.x;
    at = std::lower_bound(at, guide.positions.end(), first);
    for (; at != guide.positions.end() && *at < first + own.width; ++at) {
      const float weight = guide.weights[static_cast<size_t>(at - guide.positions.begin())];
      own.positions.push_back(static_cast<int32_t>(y * own.width + *at - first));
      own.weights.push_back(weight);
      own.sum += static_cast<double>(weight);
    }
  }
  return own;
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
