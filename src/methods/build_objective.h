#pragma once

#include <memory>
#include <vector>

#include "image/mask.h"
#include "impasto/image.h"
#include "impasto/stylize.h"
#include "losses/objective.h"
#include "zoo/zoo.h"

namespace impasto {

/// A painting with its weight among the others.
struct WeightedStyle {
  const Image* image;
  double weight;
  /// Where in the result it counts, of any size from the result's on; null: everywhere. Paintings
  /// with the same area are mixed there.
  const Mask* area = nullptr;
  double strength = -1;        ///< in that area; negative: the options'
  const Mask* part = nullptr;  ///< what of the painting is looked at; null: all of it
};

/// The objective of a run at one scale: `photo` has its size and the margin; paintings are brought
/// to its stroke_side() (times style_scale) here. Throws Error{usage} for layers that the
/// network lacks. Without content where its weight is 0. `joined`: as in Engine.
std::unique_ptr<Objective> build_objective(const Network&, Backend&, DType, const Image& photo,
                                           const std::vector<WeightedStyle>&, const StylizeOptions&,
                                           const std::shared_ptr<const Graph>& joined = {});

/// A painting's statistics at each of these layers, looked at as in a picture whose stroke_side()
/// is `side`; of all of it, or within a mask. Throws Error{input}: a style file of another encoder.
std::vector<FeatureStatistics> statistics_of(const Network&, Backend&, DType, const Image& painting,
                                             int side, const LayerWeights& layers,
                                             const Mask* within = nullptr);

/// Memory that this takes for a while to look at one painting, for a result of this size.
size_t painting_bytes(const Network&, Backend&, DType, const Image& painting, const Size& result,
                      const StylizeOptions&);

/// Weights of the content layers that `detail` stands for, 0 .. 100.
LayerWeights content_layers_for(double detail);
/// Weight of the Laplacian loss, 0 up to detail 50: it grows with the style's, so that faces stay
/// faces at any strength.
double edges_weight_for(double detail, double strength);

}  // namespace impasto
