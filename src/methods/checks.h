#pragma once

#include <functional>

#include "impasto/image.h"
#include "methods/scale_run.h"

namespace impasto {

/// The options with all values in their ranges. Throws Error{usage}: a value out of range, options
/// that contradict the pictures or each other; Error{input}: pictures too small.
StylizeOptions checked(const Image& content, const std::vector<Image>& styles,
                       const StylizeOptions&);

/// Memory that painting at this size takes, as planned. Throws Error{memory}, with the size that
/// would fit, when it is more than is free.
size_t checked_bytes(const Engine&, const Size&, const std::vector<WeightedStyle>&,
                     const StylizeOptions&);
/// The same for any method: `bytes_for` tells what a size takes.
size_t checked_bytes(const Size&, const std::function<size_t(const Size&)>& bytes_for);

}  // namespace impasto
