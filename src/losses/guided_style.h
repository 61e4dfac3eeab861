#pragma once

#include <memory>
#include <vector>

#include "losses/loss.h"

namespace impasto {

// Styles of parts of a picture (Gatys et al. 2017, "Controlling perceptual factors in neural style
// transfer", section 4): statistics are taken over a part's positions, each as much as it belongs
// to it, and go back to these positions alone.

/// The positions of [1, h, w, .] that count, from the weight of each, 0..1, row by row. Throws
/// Error{internal} when their number is not h * w.
Guide make_guide(const std::vector<float>& weights, int64_t height, int64_t width);

/// What of a guide falls into features that are a part of those that it is for, in their own
/// positions; the sum is that part's.
Guide guide_within(const Guide&, const Part&, const Shape& features);

/// feature_statistics() within a part, at least one position of it: the weighted mean and
/// covariance.
FeatureStatistics guided_statistics(Backend&, const Tensor& features, const Guide&);

/// make_style_loss() of a part. A guide without positions has nothing to paint: its loss is 0.
std::unique_ptr<FeatureLoss> make_guided_style_loss(StyleKind, std::vector<StyleTarget>, Guide);

/// A part of a picture, and what it is to be like.
struct StylePart {
  std::vector<StyleTarget> targets;  ///< none: it only counts among all
  double weight = 1;
  Guide guide;
};
/// `weight` times the style loss of all (`whole` may be empty where that is 0), and the parts'
/// weights times theirs. Each position is in one part, with weight 1.
std::unique_ptr<FeatureLoss> make_parted_style_loss(StyleKind, std::vector<StyleTarget> whole,
                                                    double weight, std::vector<StylePart> parts);

}  // namespace impasto
