#pragma once

#include <vector>

#include "impasto/image.h"
#include "impasto/stylize.h"

namespace impasto {

/// stylize() with --method instant, for pictures and options that checked() has seen.
StylizeResult paint_instant(const Image& content, const std::vector<Image>& styles,
                            const StylizeOptions&, Progress&);

}  // namespace impasto
