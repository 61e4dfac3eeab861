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

// What one pass over the features gives, per channel: sums of f, f^2 and f t.
struct Sums {
  Sums() = default;
  Sums(Backend& backend, const Tensor& features, const Tensor& target)
      : tensor({3, features.shape().c()}, DType::f64) {
    backend.channel_sums(features, target, tensor);
    f = tensor.data<double>();
    ff = f + features.shape().c();
    ft = ff + features.shape().c();
  }
  Tensor tensor;
  const double *f = nullptr, *ff = nullptr, *ft = nullptr;
};

// How N brings the channels to mean 0 and deviation 1: N(f) = (f - mean) / divisor.
struct Normalisation {
  static constexpr double epsilon = 1e-3;  // of the whole tap's deviation, for weak channels

  Normalisation(const Sums& sums, int64_t channels, int64_t positions)
      : mean(static_cast<size_t>(channels)), deviation(mean), divisor(mean) {
    const double n = static_cast<double>(positions), all = n * static_cast<double>(channels);
    if (positions < 2) return;  // no deviation: every divisor 0, that is, nothing to compare
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

class ContentLoss : public FeatureLoss {
 public:
  ContentLoss(Backend& backend, const Tensor& target, ContentKind kind)
      : kind_(kind), target_(target), slopes_(target.shape().c()) {
    const Sums sums(backend, target, target);
    const int64_t c = target.shape().c();
    sum_.assign(sums.f, sums.f + c);
    squares_.assign(sums.ff, sums.ff + c);
  }

  void observe(Backend& backend, const Tensor& features) override {
    if (features.shape() != target_.shape() || features.dtype() != target_.dtype()) {
      throw Error(ErrorCode::internal, "content features: expected " + target_.shape().str() +
                                           ", found " + features.shape().str());
    }
    now_ = Sums(backend, features, target_);
  }

  double value(bool) override {
    slopes_ = Coefficients(slopes_.channels());
    return kind_ == ContentKind::plain ? plain(now_, slopes_) : normalised(now_, slopes_);
  }

  void gradient(Backend& backend, const Tensor& features, double weight, const Tensor& gradient,
                bool accumulate) override {
    backend.channel_blend(features, target_, slopes_.tensor(features.dtype(), weight), accumulate,
                          gradient);
  }

 private:
  // sum (f - t)^2 from three sums: exactly 0 at f = t, where all three are the same additions, and
  // elsewhere off by at most the sums' own rounding (about 1e-7 of the mean square of f).
  double plain(const Sums& sums, Coefficients& k) const {
    const double factor = 1 / static_cast<double>(target_.size());
    double value = 0;
    for (size_t c = 0; c < sum_.size(); ++c) {
      value += (sums.ff[c] - sums.ft[c]) + (squares_[c] - sums.ft[c]);
      k.set(static_cast<int64_t>(c), 2 * factor, -2 * factor, 0);
    }
    return std::max(value, 0.0) * factor;
  }

  // With u = N(F), T = N(C): mean((u - T)^2) / mean(T^2) = sum (u - T)^2 / sum T^2.
  double normalised(const Sums& sums, Coefficients& k) const {
    const double n = static_cast<double>(target_.shape().pixels()),
                 all = static_cast<double>(target_.size());
    const Normalisation now(sums, target_.shape().c(), target_.shape().pixels());
    double total = 0;
    for (const double s : squares_) total += s;
    if (total == 0 || now.tap_deviation == 0) return total > 0 ? 1 : 0;

    double value = 0, along_tap = 0;
    std::vector<double> along(sum_.size());  // sum of u dL/du, by channel
    for (size_t c = 0; c < sum_.size(); ++c) {
      const double s = now.deviation[c], d = now.divisor[c];
      const double uu = (n - 1) * (s / d) * (s / d);
      const double ut = s > 0 ? (sums.ft[c] - now.mean[c] * sum_[c]) / d : 0;
      value += (uu - ut) + (squares_[c] - ut);
      along[c] = 2 * (uu - ut) / total;
      along_tap += along[c] / d;
    }
    // dL/df = (q - mean q) / d - sum(q u) / d * ds/df - epsilon * (all channels') * d tap / df,
    // q = dL/du, ds/df = (f - mean) / ((n - 1) s) and the same for the whole tap.
    const double tap = Normalisation::epsilon * along_tap / ((all - 1) * now.tap_deviation);
    for (size_t c = 0; c < sum_.size(); ++c) {
      const double s = now.deviation[c], d = now.divisor[c], m = now.mean[c];
      const double q = 2 / (total * d), own = s > 0 ? q / d - along[c] / (d * (n - 1) * s) : 0;
      k.set(static_cast<int64_t>(c), own - tap, -q, q * sum_[c] / n - own * m + tap * now.tap_mean);
    }
    return std::max(value, 0.0) / total;
  }

  ContentKind kind_;
  Tensor target_;                      // for `normalised` already normalised
  std::vector<double> sum_, squares_;  // of the target, by channel
  Sums now_;                           // of the features observed
  Coefficients slopes_;                // the loss is differentiated by
};

Tensor normalise(Backend& backend, const Tensor& features) {
  const int64_t channels = features.shape().c();
  const Normalisation n(Sums(backend, features, features), channels, features.shape().pixels());
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

}  // namespace impasto
