#pragma once

#include "impasto/image.h"
#include "transfer/painter.h"

namespace impasto {

/// Pixels of a painting that are looked at, at most.
constexpr int most_looked_at = 9 * 256 * 256;

/// A painting as the method "instant" looks at it, at this size: all of it, or of a large one nine
/// parts, evenly spread. Strokes that are large there are so all over the painting, and looking at
/// more of them changes their statistics less than the choice of another painting by the same hand.
PaintingView view_of(const Image& painting, const Size& at);

}  // namespace impasto
