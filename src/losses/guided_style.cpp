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

class GuidedStyleLoss : public FeatureLoss {
 public:
  GuidedStyleLoss(StyleDistances distances, Guide guide)
      : distances_(std::move(distances)), guide_(std::move(guide)) {}

  void begin() override { now_ = {}; }

  void observe(Backend& backend, const Tensor& features, const Part& part) override {
    distances_.check(features);
    within(guide_, part, features.shape(), [&](const Guide& guide) {
      now_ = together(now_, guided_statistics(backend, features, guide));
    });
  }

  double value(bool differentiate) override {
    return empty() ? 0 : distances_.evaluate(now_, differentiate ? &slope_ : nullptr);
  }

  void gradient(Backend& backend, const Tensor& features, const Part& part, double weight,
                const Tensor& gradient, bool accumulate) override {
    const bool seen = within(guide_, part, features.shape(), [&](const Guide& guide) {
      const FeatureSlope s = feature_slope(now_, slope_, weight, features.dtype());
      backend.guided_mix(features, guide, s.matrix, s.bias, accumulate, gradient);
    });
    if (!seen && !accumulate) gradient.fill(0);
  }

 private:
  bool empty() const { return guide_.positions.empty(); }

  StyleDistances distances_;
  Guide guide_;
  FeatureStatistics now_;  // of the features observed, within the guide
  MomentGradient slope_;   // with respect to them
};

// Every position is in one part: all of them together are all parts together, and what moves a
// position for all and for its part is one affine map.
class PartedStyleLoss : public FeatureLoss {
 public:
  PartedStyleLoss(StyleKind kind, std::vector<StyleTarget> whole, double weight,
                  std::vector<StylePart> parts) {
    if (weight > 0) whole_.emplace(kind, std::move(whole), weight, Guide());
    for (StylePart& part : parts) {
      parts_.emplace_back(kind, std::move(part.targets), part.weight, std::move(part.guide));
    }
  }

  void begin() override {
    for (Of& part : parts_) part.now = {};
  }

  void observe(Backend& backend, const Tensor& features, const Part& part) override {
    if (whole_) whole_->distances->check(features);
    for (Of& of : parts_) {
      if (of.distances) of.distances->check(features);
      within(of.guide, part, features.shape(), [&](const Guide& guide) {
        of.now = together(of.now, guided_statistics(backend, features, guide));
      });
    }
  }

  double value(bool differentiate) override {
    double sum = 0;
    const auto add = [&](Of& of) {
      if (of.distances && of.now.channels > 0) {
        sum += of.weight * of.distances->evaluate(of.now, differentiate ? &of.slope : nullptr);
      }
    };
    for (Of& part : parts_) add(part);
    if (whole_) {
      whole_->now = {};
      for (const Of& part : parts_) whole_->now = together(whole_->now, part.now);
      add(*whole_);
    }
    return sum;
  }

  void gradient(Backend& backend, const Tensor& features, const Part& part, double weight,
                const Tensor& gradient, bool accumulate) override {
    const FeatureSlope nothing;
    const FeatureSlope for_all = whole_ ? whole_->feature_slope(weight, features.dtype()) : nothing;
    if (!accumulate) gradient.fill(0);
    for (const Of& of : parts_) {
      within(of.guide, part, features.shape(), [&](const Guide& guide) {
        const FeatureSlope own = of.feature_slope(weight, features.dtype());
        if (!own.matrix && !for_all.matrix) return;
        const FeatureSlope s = sum_of(own, for_all);
        backend.guided_mix(features, guide, s.matrix, s.bias, true, gradient);
      });
    }
  }

 private:
  struct Of {
    std::optional<StyleDistances> distances;  // none: it only counts among all
    double weight;
    Guide guide;
    FeatureStatistics now = {};
    MomentGradient slope = {};

    Of(StyleKind kind, std::vector<StyleTarget> targets, double weight_, Guide guide_)
        : weight(weight_), guide(std::move(guide_)) {
      if (!targets.empty() && weight > 0) distances.emplace(kind, std::move(targets));
    }
    FeatureSlope feature_slope(double times, DType type) const {
      if (!distances || now.channels == 0) return {};
      return impasto::feature_slope(now, slope, weight * times, type);
    }
  };

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

  std::optional<Of> whole_;
  std::vector<Of> parts_;
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
  return std::make_unique<GuidedStyleLoss>(StyleDistances(kind, std::move(targets)),
                                           std::move(guide));
}

std::unique_ptr<FeatureLoss> make_parted_style_loss(StyleKind kind, std::vector<StyleTarget> whole,
                                                    double weight, std::vector<StylePart> parts) {
  return std::make_unique<PartedStyleLoss>(kind, std::move(whole), weight, std::move(parts));
}

}  // namespace impasto
