#pragma once

#include <memory>

#include "descent/build_objective.h"
#include "optim/optimizer.h"

namespace impasto {

/// How a scale of a run is computed: what is fast where there is memory for it, what is small where
/// there is not.
struct ScalePlan {
  Window window;           ///< what the network is given at a time; 0: the whole picture
  bool lean = false;       ///< BFGS that knows one step, in place of L-BFGS
  int history = 0;         ///< of L-BFGS, in pairs; 0: the options'
  int octaves = 5;         ///< of the unknown, if it is a pyramid
  size_t bytes = 0;        ///< memory at its peak, beside what there is before
  int windows = 1;         ///< that makes so many of them,
  Size window_size{0, 0};  ///< of that size
  double cost = 1;         ///< of a step, roughly, over that of one on the whole picture at once

  /// Rendered in the unknown's own memory.
  bool in_place() const { return window.height > 0; }
};

/// The first plan that takes at most `bytes` for a picture of this size, from the fastest to the
/// leanest, or the leanest if none does: the whole picture at once; window by window, which takes
/// some three times as long and gives the same up to rounding; with less of an optimiser; with an
/// unknown of fewer octaves. Pictures whose opposite borders are neighbours are always whole.
ScalePlan plan_scale(const Engine&, const Size&, const std::vector<WeightedStyle>&,
                     const StylizeOptions&, size_t bytes);

/// The optimiser that the plan and the options ask for.
std::unique_ptr<Optimizer> make_optimizer(const Engine&, const StylizeOptions&, const ScalePlan&);

}  // namespace impasto
