#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "losses/loss.h"

namespace impasto {

/// d distance / d (mean [c], covariance [c, c]); the latter is symmetric, and is the derivative
/// with respect to the whole matrix (both of S_ij and S_ji count).
struct MomentGradient {
  std::vector<double> mean, covariance;
};

/// A distance of a picture's statistics at one tap from a painting's. Small and dense: no feature
/// map is touched in here.
class StyleDistance {
 public:
  virtual ~StyleDistance() = default;
  /// Returns the distance; `gradient`, if any, is resized and overwritten.
  virtual double evaluate(const FeatureStatistics&, MomentGradient* gradient) const = 0;
};

/// mean((G - A)^2) over the c x c entries, G = F F^T / (c n): neural-style-pt's StyleLoss, which is
/// 4 / c^2 times E_l of Gatys et al. 2016, eq. 4-5 (when both pictures have n positions).
std::unique_ptr<StyleDistance> make_gram_distance(const FeatureStatistics& painting);

/// Mean squared difference of [S | m * std F] over the mean square of the painting's; S: centred
/// covariance, m: channel means, std F: the deviation of all the tap's elements, which brings m to
/// the unit of S and is held constant in the gradient.
std::unique_ptr<StyleDistance> make_moments_distance(const FeatureStatistics& painting);

/// (|m - m'|^2 + tr S + tr S' - 2 tr (R S R)^1/2) / tr S' with R = S'^1/2: the squared
/// 2-Wasserstein distance of two Gaussians (Dowson and Landau 1982) in units of the painting's
/// variance; or, above 0, of `unit` in place of tr S'.
std::unique_ptr<StyleDistance> make_wasserstein_distance(const FeatureStatistics& painting,
                                                         double unit = 0);
/// tr S.
double variance_of(const FeatureStatistics&);
/// Of one channel, and their mean; at least 0, which rounding may be below.
double variance_of(const FeatureStatistics&, size_t channel);
double mean_variance_of(const FeatureStatistics&);

/// The mean distance from several paintings: what style losses are made of.
class StyleDistances {
 public:
  /// Throws what make_style_loss() throws.
  StyleDistances(StyleKind, std::vector<StyleTarget>);

  /// Throws Error{internal} for features of another number of channels.
  void check(const Tensor& features) const;
  /// Returns the distance; `gradient`, if any, is overwritten.
  double evaluate(const FeatureStatistics&, MomentGradient* gradient) const;

 private:
  std::vector<std::pair<double, std::unique_ptr<StyleDistance>>> terms_;  // shares sum to 1
  int64_t channels_;
};

/// Weight times the gradient with respect to features F that have these statistics, before the
/// weights of a guide: with S = (F - m)(F - m)^T / n it is 2/n dS (F - m) + dm / n, affine in F; as
/// Backend::channel_mix reads it.
struct FeatureSlope {
  Tensor matrix, bias;
};
FeatureSlope feature_slope(const FeatureStatistics&, const MomentGradient&, double weight,
                           DType features);

}  // namespace impasto
