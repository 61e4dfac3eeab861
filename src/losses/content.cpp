#include <algorithm>
#include <cmath>
#include <vector>

#include "impasto/error.h"
#include "losses/loss.h"

namespace impasto {

namespace {

// channel_blend's coefficients, one row each.
class Coefficients {
 public:
  explicit Coefficients(int64_t c) : tensor_(Tensor::zeros({3, c}, DType::f64)), channels_(c) {}
  int64_t channels() const { return channels_; }
  void set(int64_t c, double features, double target, double constant) {
    double* p = tensor_.data<double>() + c;
    p[0] = features, p[channels_] = target, p[2 * channels_] = constant;
  }
  /// Times `weight`, in the type that goes with the features'.
  Tensor tensor(DType features, double weight = 1) const {
    Tensor scaled = tensor_.clone();
    for (int64_t i = 0; i < scaled.size(); ++i) scaled.data<double>()[i] *= weight;
    return features == DType::f64 ? scaled : scaled.to(DType::f32);
  }

 private:
  Tensor tensor_;
  int64_t channels_;
};

// What passes over the features give, per channel: sums of f, f^2 and f t.
struct Sums {
  explicit Sums(int64_t channels)
      : f(static_cast<size_t>(channels)), ff(f), ft(f), room({3, channels}, DType::f64) {}
  void add(Backend& backend, const Tensor& features, const Tensor& target) {
    backend.channel_sums(features, target, room);
    const double* sums = room.data<double>();
    for (std::vector<double>* to : {&f, &ff, &ft}) {
      for (double& sum : *to) sum += *sums++;
    }
    positions += features.shape().pixels();
  }
  std::vector<double> f, ff, ft;
  int64_t positions = 0;
  Tensor room;
};

Sums sums_of(Backend& backend, const Tensor& features) {
  Sums sums(features.shape().c());
  sums.add(backend, features, features);
  return sums;
}

Sums sums_of(const FeatureStatistics& s) {
  Sums sums(s.channels);
  sums.positions = std::llround(s.positions);
  const double n = s.positions;
  for (size_t c = 0; c < s.mean.size(); ++c) {
    sums.f[c] = n * s.mean[c];
    sums.ff[c] = n * (s.covariance[c * s.mean.size() + c] + s.mean[c] * s.mean[c]);
  }
  return sums;
}

// How N brings the channels to mean 0 and deviation 1: N(f) = (f - mean) / divisor.
struct Normalisation {
  static constexpr double epsilon = 1e-3;  // of the whole tap's deviation, for weak channels

  explicit Normalisation(const Sums& sums) : mean(sums.f.size()), deviation(mean), divisor(mean) {
    const double n = static_cast<double>(sums.positions),
                 all = n * static_cast<double>(mean.size());
    if (sums.positions < 2) return;  // no deviation: every divisor 0, that is, nothing to compare
    double sum = 0, squares = 0;
    for (size_t c = 0; c < mean.size(); ++c) sum += sums.f[c];
    tap_mean = sum / all;
    for (size_t c = 0; c < mean.size(); ++c) {
      mean[c] = sums.f[c] / n;
      const double centred = sums.ff[c] - n * mean[c] * mean[c];
      // Below the noise of single precision a channel is constant.
      if (centred > 1e-10 * sums.ff[c]) deviation[c] = std::sqrt(centred / (n - 1));
      squares +=
          deviation[c] * deviation[c] * (n - 1) + n * (mean[c] - tap_mean) * (mean[c] - tap_mean);
    }
    tap_deviation = std::sqrt(squares / (all - 1));
    for (size_t c = 0; c < mean.size(); ++c) divisor[c] = deviation[c] + epsilon * tap_deviation;
  }

  std::vector<double> mean, deviation, divisor;
  double tap_mean = 0, tap_deviation = 0;
};

// The target's features t, of which the loss may be given others, p, with t = scale * p + shift.
struct Target {
  explicit Target(size_t channels) : scale(channels, 1), shift(channels) {}
  std::vector<double> sum, squares;  // of t, by channel
  std::vector<double> scale, shift;
  int64_t positions = 0;
};

class ContentLoss : public FeatureLoss {
 public:
  /// `features`: t itself.
  ContentLoss(Backend& backend, const Tensor& features, ContentKind kind)
      : ContentLoss(features.shape().c(), kind) {
    features_ = features;
    const Sums sums = sums_of(backend, features);
    target_.positions = sums.positions;
    target_.sum = sums.f;
    target_.squares = sums.ff;
  }
  /// The photograph's features come with each part.
  ContentLoss(const FeatureStatistics& photo, ContentKind kind)
      : ContentLoss(photo.channels, kind) {
    const Sums sums = sums_of(photo);
    target_.positions = sums.positions;
    target_.sum = sums.f;
    target_.squares = sums.ff;
    if (kind == ContentKind::plain) return;
    const Normalisation n(sums);
    for (size_t c = 0; c < n.mean.size(); ++c) {
      const bool varies = n.deviation[c] > 0;
      target_.scale[c] = varies ? 1 / n.divisor[c] : 0;
      target_.shift[c] = -n.mean[c] * target_.scale[c];
      target_.sum[c] = 0;
      target_.squares[c] = varies ? static_cast<double>(sums.positions - 1) *
                                        std::pow(n.deviation[c] / n.divisor[c], 2)
                                  : 0;
    }
  }

  bool reads_photo() const override { return !features_; }
  void begin() override { now_ = Sums(slopes_.channels()); }

  void observe(Backend& backend, const Tensor& features, const Part& part) override {
    const Tensor& target = target_of(part);
    if (features.shape() != target.shape() || features.dtype() != target.dtype()) {
      throw Error(ErrorCode::internal, "content features: expected " + target.shape().str() +
                                           ", found " + features.shape().str());
    }
    now_.add(backend, features, target);
  }

  double value(bool) override {
    slopes_ = Coefficients(slopes_.channels());
    Sums sums = now_;
    for (size_t c = 0; c < sums.ft.size(); ++c) {
      sums.ft[c] = target_.scale[c] * sums.ft[c] + target_.shift[c] * sums.f[c];
    }
    return kind_ == ContentKind::plain ? plain(sums) : normalised(sums);
  }

  void gradient(Backend& backend, const Tensor& features, const Part& part, double weight,
                const Tensor& gradient, bool accumulate) override {
    backend.channel_blend(features, target_of(part), slopes_.tensor(features.dtype(), weight),
                          accumulate, gradient);
  }

 private:
  ContentLoss(int64_t channels, ContentKind kind)
      : kind_(kind), target_(static_cast<size_t>(channels)), now_(channels), slopes_(channels) {}

  const Tensor& target_of(const Part& part) const { return features_ ? features_ : part.photo; }

  // The gradient at features f is along_f * f + along_t * t + constant.
  void set_slope(size_t c, double along_f, double along_t, double constant) {
    slopes_.set(static_cast<int64_t>(c), along_f, along_t * target_.scale[c],
                constant + along_t * target_.shift[c]);
  }

  // sum (f - t)^2 from three sums: exactly 0 at f = t, where all three are the same additions, and
  // elsewhere off by at most the sums' own rounding (about 1e-7 of the mean square of f).
  double plain(const Sums& sums) {
    const double factor =
        1 / (static_cast<double>(target_.positions) * static_cast<double>(sums.f.size()));
    double value = 0;
    for (size_t c = 0; c < sums.f.size(); ++c) {
      value += (sums.ff[c] - sums.ft[c]) + (target_.squares[c] - sums.ft[c]);
      set_slope(c, 2 * factor, -2 * factor, 0);
    }
    return std::max(value, 0.0) * factor;
  }

  // With u = N(F), T = N(C): mean((u - T)^2) / mean(T^2) = sum (u - T)^2 / sum T^2.
  double normalised(const Sums& sums) {
    const double n = static_cast<double>(target_.positions),
                 all = n * static_cast<double>(sums.f.size());
    const Normalisation now(sums);
    double total = 0;
    for (const double s : target_.squares) total += s;
    if (total == 0 || now.tap_deviation == 0) return total > 0 ? 1 : 0;

    double value = 0, along_tap = 0;
    std::vector<double> along(sums.f.size());  // sum of u dL/du, by channel
    for (size_t c = 0; c < sums.f.size(); ++c) {
      const double s = now.deviation[c], d = now.divisor[c];
      const double uu = (n - 1) * (s / d) * (s / d);
      const double ut = s > 0 ? (sums.ft[c] - now.mean[c] * target_.sum[c]) / d : 0;
      value += (uu - ut) + (target_.squares[c] - ut);
      along[c] = 2 * (uu - ut) / total;
      along_tap += along[c] / d;
    }
    // dL/df = (q - mean q) / d - sum(q u) / d * ds/df - epsilon * (all channels') * d tap / df,
    // q = dL/du, ds/df = (f - mean) / ((n - 1) s) and the same for the whole tap.
    const double tap = Normalisation::epsilon * along_tap / ((all - 1) * now.tap_deviation);
    for (size_t c = 0; c < sums.f.size(); ++c) {
      const double s = now.deviation[c], d = now.divisor[c], m = now.mean[c];
      const double q = 2 / (total * d), own = s > 0 ? q / d - along[c] / (d * (n - 1) * s) : 0;
      set_slope(c, own - tap, -q, q * target_.sum[c] / n - own * m + tap * now.tap_mean);
    }
    return std::max(value, 0.0) / total;
  }

  ContentKind kind_;
  Tensor features_;  // the target's (for `normalised` already normalised), unless parts bring them
  Target target_;
  Sums now_;             // of the features observed
  Coefficients slopes_;  // of the gradient
};

Tensor normalise(Backend& backend, const Tensor& features) {
  const int64_t channels = features.shape().c();
  const Normalisation n(sums_of(backend, features));
  Coefficients k(channels);
  for (int64_t c = 0; c < channels; ++c) {
    const auto i = static_cast<size_t>(c);
    if (n.deviation[i] > 0) k.set(c, 1 / n.divisor[i], 0, -n.mean[i] / n.divisor[i]);
  }
  Tensor result(features.shape(), features.dtype());
  backend.channel_blend(features, features, k.tensor(features.dtype()), false, result);
  return result;
}

}  // namespace

std::unique_ptr<FeatureLoss> make_content_loss(ContentKind kind, Backend& backend,
                                               const Tensor& target) {
  return std::make_unique<ContentLoss>(
      backend, kind == ContentKind::plain ? target.clone() : normalise(backend, target), kind);
}

std::unique_ptr<FeatureLoss> make_content_loss(ContentKind kind, const FeatureStatistics& photo) {
  return std::make_unique<ContentLoss>(photo, kind);
}

}  // namespace impasto
