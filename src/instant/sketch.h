#pragma once

#include "impasto/image.h"

namespace impasto {

/// What was painted at once as something to begin with: of its fine detail nearly half is gone,
/// and as much of the lightness of the `photo`'s, which has its size, is in its place; below
/// strength 50 less. A network blurs edges and leaves coloured specks, and both take a descent more
/// steps to mend than to paint.
Image sketch_from(Image painting, const Image& photo, double strength);

}  // namespace impasto
