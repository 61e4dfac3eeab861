#include "losses/guided_style.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "impasto/error.h"
#include "losses/style.h"

namespace impasto {

namespace {

// Calls f with what of the guide is in a part, unless that is nothing; whether it did.
template <class F>
bool within(const Guide& all, const Part& part, const Shape& features, const F& f) {
  const bool whole = features.h() == all.height && features.w() == all.width;
  const Guide own = whole ? Guide() : guide_within(all, part, features);
  const Guide& guide = whole ? all : own;
  if (guide.positions.empty()) return false;
  f(guide);
  return true;
}

// What some positions are compared with.
struct Compared {
  std::optional<StyleDistances> distances;  // none: they only count among all
  double weight = 1;
  Guide guide = {};
  FeatureStatistics now = {};  // of the features observed, within the guide
  MomentGradient slope = {};   // with respect to them

  double value(bool differentiate) {
    if (!distances || now.channels == 0) return 0;
    return weight * distances->evaluate(now, differentiate ? &slope : nullptr);
  }
  FeatureSlope feature_slope(double times, DType type) const {
    if (!distances || now.channels == 0) return {};
    return impasto::feature_slope(now, slope, weight * times, type);
  }
};

// With `whole` every position is in one part: all of them together are all parts together, and what
// moves a position for all and for its part is one affine map.
class PartedStyleLoss : public FeatureLoss {
 public:
  PartedStyleLoss(std::optional<Compared> whole, std::vector<Compared> parts)
      : whole_(std::move(whole)), parts_(std::move(parts)) {}

  void begin() override {
    for (Compared& part : parts_) part.now = {};
  }

  void observe(Backend& backend, const Tensor& features, const Part& part) override {
    if (whole_) whole_->distances->check(features);
    for (Compared& of : parts_) {
      if (of.distances) of.distances->check(features);
      within(of.guide, part, features.shape(), [&](const Guide& guide) {
        of.now = together(of.now, guided_statistics(backend, features, guide));
      });
    }
  }

  double value(bool differentiate) override {
    double sum = 0;
    for (Compared& part : parts_) sum += part.value(differentiate);
    if (whole_) {
      whole_->now = {};
      for (const Compared& part : parts_) whole_->now = together(whole_->now, part.now);
      sum += whole_->value(differentiate);
    }
    return sum;
  }

  void gradient(Backend& backend, const Tensor& features, const Part& part, double weight,
                const Tensor& gradient, bool accumulate) override {
    const FeatureSlope for_all =
        whole_ ? whole_->feature_slope(weight, features.dtype()) : FeatureSlope();
    if (!accumulate) gradient.fill(0);
    for (const Compared& of : parts_) {
      within(of.guide, part, features.shape(), [&](const Guide& guide) {
        const FeatureSlope own = of.feature_slope(weight, features.dtype());
        if (!own.matrix && !for_all.matrix) return;
        const FeatureSlope s = sum_of(own, for_all);
        backend.guided_mix(features, guide, s.matrix, s.bias, true, gradient);
      });
    }
  }

 private:
  static FeatureSlope sum_of(const FeatureSlope& a, const FeatureSlope& b) {
    if (!a.matrix) return b;
    if (!b.matrix) return a;
    const FeatureSlope sum{Tensor(a.matrix.shape(), a.matrix.dtype()),
                           Tensor(a.bias.shape(), a.bias.dtype())};
    const auto add = [](const Tensor& x, const Tensor& y, const Tensor& to) {
      const auto each = [&](auto tag) {
        using T = decltype(tag);
        for (int64_t i = 0; i < to.size(); ++i) {
          to.data<T>()[i] = x.data<T>()[i] + y.data<T>()[i];
        }
      };
      to.dtype() == DType::f64 ? each(double{}) : each(float{});
    };
    add(a.matrix, b.matrix, sum.matrix);
    add(a.bias, b.bias, sum.bias);
    return sum;
  }

  std::optional<Compared> whole_;
  std::vector<Compared> parts_;
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
  guide.positions.shrink_to_fit();
  guide.weights.shrink_to_fit();
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
      const float weight = guide.weight(static_cast<size_t>(at - guide.positions.begin()));
      own.positions.push_back(static_cast<int32_t>(y * own.width + *at - first));
      if (!guide.weights.empty()) own.weights.push_back(weight);
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
  std::vector<Compared> part;
  part.push_back({StyleDistances(kind, std::move(targets)), 1, std::move(guide)});
  return std::make_unique<PartedStyleLoss>(std::nullopt, std::move(part));
}

std::unique_ptr<FeatureLoss> make_parted_style_loss(StyleKind kind, std::vector<StyleTarget> whole,
                                                    double weight, std::vector<StylePart> parts) {
  const auto compared = [kind](std::vector<StyleTarget>& targets, double of, Guide guide) {
    Compared result{{}, of, std::move(guide)};
    if (!targets.empty() && of > 0) result.distances.emplace(kind, std::move(targets));
    return result;
  };
  std::optional<Compared> all;
  if (weight > 0) all = compared(whole, weight, {});
  std::vector<Compared> each;
  for (StylePart& part : parts) {
    each.push_back(compared(part.targets, part.weight, std::move(part.guide)));
  }
  return std::make_unique<PartedStyleLoss>(std::move(all), std::move(each));
}

}  // namespace impasto
