#pragma once

#include <functional>
#include <vector>

#include "impasto/image.h"
#include "methods/scale_run.h"

namespace impasto {

/// What the first scale begins with, of the size of the photograph at that scale.
using StartingPicture = std::function<Image(const Image& photo)>;

/// The method "optimize", for options and pictures that were checked. After the `last_picture` the
/// engine is spent: its network's parameters are let go, which saves their memory.
StylizeResult optimize(Engine&, const Image& content, const std::vector<WeightedStyle>& styles,
                       const Size& result, const StylizeOptions&, const StartingPicture&,
                       bool last_picture, Progress&);

}  // namespace impasto
