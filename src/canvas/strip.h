#pragma once

#include "impasto/painting.h"

namespace impasto {

// Strokes are measured by a picture's longer side. For a strip, a panorama of 20,000 x 300 say,
// that would make them wider than the picture.

/// The longer side as far as the size of strokes goes: no more than four times the shorter one, or
/// 256 pixels.
int stroke_side(const Size&);

/// The longer side of a picture, also of one that is known by its statistics alone.
int longer_side(const PaintingHeader&);

/// How large a painting is looked at to find its strokes as in a picture whose stroke_side() is
/// `side`: with that longer side; a strip is left longer, but not enlarged.
Size look_size(const PaintingHeader& painting, int side);

}  // namespace impasto
