#pragma once

#include <memory>
#include <vector>

#include "canvas/picture.h"
#include "canvas/weighted_style.h"
#include "losses/objective.h"
#include "zoo/engine.h"

namespace impasto {

/// The objective of a run at one scale: `photo` has its size and the margin; paintings are brought
/// to its stroke_side() (times style_scale) here. With a window smaller than the photograph, that
/// is read again whenever the objective is evaluated. Throws Error{usage} for layers that the
/// network lacks. Without content where its weight is 0. `joined`: as in Engine, for whole pictures
/// without areas.
std::unique_ptr<Objective> build_objective(const Network&, Backend&, DType,
                                           const PictureSource& photo,
                                           const std::vector<WeightedStyle>&, const StylizeOptions&,
                                           const Window& = {},
                                           const std::shared_ptr<const Graph>& joined = {});

/// What the objective computes in, for pictures of one shape.
struct ObjectiveOutline {
  size_t bytes = 0;
  int windows = 1;
  Size window{0, 0};  ///< each of them
};
ObjectiveOutline outline_objective(const Network&, Backend&, DType, const Shape& picture,
                                   const StylizeOptions&, const Window&);

/// Weights of the content layers that `detail` stands for, 0 .. 100.
LayerWeights content_layers_for(double detail);
/// Weight of the Laplacian loss, 0 up to detail 50: it grows with the style's, so that faces stay
/// faces at any strength.
double edges_weight_for(double detail, double strength);

}  // namespace impasto
