#pragma once

#include <memory>
#include <vector>

#include "descent/build_objective.h"
#include "impasto/job.h"
#include "optim/optimizer.h"

namespace impasto {

/// What planning has to know of the paintings.
struct PlannedStyles {
  std::vector<PaintingHeader> paintings;
  bool in_areas = false;  ///< each counts somewhere, not everywhere
};

/// How a scale of this size is computed in at most `bytes`, the first of these that fits, or the
/// leanest if none does: the whole picture at once; window by window, which takes some three times
/// as long and gives the same up to rounding; with less of an optimiser; with an unknown of fewer
/// octaves. Pictures whose opposite borders are neighbours are always whole.
JobStage plan_scale(const Engine&, const Size&, const PlannedStyles&, const StylizeOptions&,
                    size_t bytes);
/// That of all scales of a descent to this size, with their steps; and of the largest of them
/// alone. Pictures whose borders are joined are painted at the sides that this takes.
std::vector<JobStage> plan_descent(const Engine&, const Size&, const PlannedStyles&,
                                   const StylizeOptions&, size_t bytes);
JobStage plan_largest_scale(const Engine&, const Size&, const PlannedStyles&, const StylizeOptions&,
                            size_t bytes);

/// What the network is given at a time; 0: the whole picture.
Window window_of(const JobStage&);
/// The optimiser that the stage and the options ask for.
std::unique_ptr<Optimizer> make_optimizer(const Engine&, const StylizeOptions&, const JobStage&);

}  // namespace impasto
