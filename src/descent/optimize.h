#pragma once

#include <functional>
#include <vector>

#include "descent/scale_run.h"
#include "impasto/image.h"
#include "impasto/stylizer.h"

namespace impasto {

/// What the first scale begins with, of the size of the photograph at that scale. May throw
/// Stopped.
using StartingPicture = std::function<Image(const Image& photo)>;

/// The method "optimize", for options and pictures that were checked: scale after scale as they
/// were planned, up to a result of this size. After the `last_picture` the engine is spent: its
/// network's parameters are let go, which saves their memory.
StylizeResult optimize(Engine&, const Image& content, const std::vector<WeightedStyle>& styles,
                       const Size& result, const StylizeOptions&,
                       const std::vector<JobStage>& scales, const StartingPicture&,
                       bool last_picture, Progress&);

}  // namespace impasto
