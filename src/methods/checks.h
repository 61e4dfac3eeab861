#pragma once

#include <functional>

#include "impasto/image.h"
#include "methods/scale_run.h"

namespace impasto {

/// The options with all values in their ranges. Throws Error{usage}: a value out of range.
StylizeOptions checked(const StylizeOptions&);
/// Throws Error{usage}: options that contradict the pictures or each other; Error{input}: pictures
/// that are empty.
void check_pictures(const Image& content, const std::vector<const Image*>& styles,
                    const StylizeOptions&);
/// What the photograph becomes: `size` of the options, or as large as it is.
Size result_size(const Image& content, const StylizeOptions&);
/// Where the pictures are.
std::vector<const Image*> addresses(const std::vector<Image>&);
std::vector<const Image*> addresses(const std::vector<SharedImage>&);

/// Memory that painting at this size takes, as planned. Throws Error{memory}, with the size that
/// would fit, when it is more than is free.
size_t checked_bytes(const Engine&, const Size&, const std::vector<WeightedStyle>&,
                     const StylizeOptions&);
/// The same for any method: `bytes_for` tells what a size takes.
size_t checked_bytes(const Size&, const std::function<size_t(const Size&)>& bytes_for);

}  // namespace impasto
