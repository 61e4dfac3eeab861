#pragma once

#include <vector>

#include "impasto/stylize.h"

namespace impasto {

/// One scale of a coarse-to-fine run.
struct ScaleStage {
  int width = 0, height = 0;
  int steps = 0;
  int longer_side() const { return width > height ? width : height; }
};

/// Scales from coarse to fine for a result of this size, at least one (the last, the result
/// itself). Large scales get fewer steps: by then only fine texture is left to paint.
std::vector<ScaleStage> plan_scales(int width, int height, const StylizeOptions&);

}  // namespace impasto
