#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "descent/statistics.h"
#include "losses/style.h"
#include "nn/plan.h"
#include "zoo/engine.h"

namespace impasto {

/// A part of a picture, and the paintings whose style it is to have.
struct StyledPart {
  struct Weighted {
    const Painting* image;
    double weight = 1;
    const Mask* part = nullptr;  ///< what of it is looked at; null: all
  };
  std::vector<Weighted> paintings;
  const Mask* where = nullptr;  ///< of any size; null: everywhere
};

/// Distances of features: of a picture's statistics from the paintings', and of what stands where.
/// Those of the built-in encoder, whatever network painted; another only where a style file has
/// the statistics of that.
class StyleMeter {
 public:
  /// Pictures are looked at at this size, paintings times the options' style_scale. Parts that are
  /// too small to be seen there do not count.
  StyleMeter(Session&, const std::vector<StyledPart>&, const StylizeOptions&, const Size&);

  /// Of any size.
  void look_at(const Image& picture);
  /// Of what was looked at: the mean distance, as far as features have to move.
  double distance() const;
  /// Measures what differs from what was looked at.
  std::unique_ptr<FeatureLoss> content() const;
  double differing(FeatureLoss& content) const;

 private:
  struct Target {
    std::vector<std::pair<std::unique_ptr<StyleDistance>, double>> paintings;  ///< of each tap
    double weights = 0, share = 1;
    std::vector<Guide> guides;  ///< of each tap; none: everywhere
  };

  std::shared_ptr<Engine> engine_;
  const Size size_;
  std::vector<Target> targets_;
  std::optional<Plan> plan_;
};

/// At this size, with 0 for what is no number.
Image finite_at_size(const Image&, const Size&);

}  // namespace impasto
