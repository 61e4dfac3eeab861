#pragma once

#include <memory>
#include <vector>

#include "backend/backend.h"
#include "canvas/picture.h"
#include "zoo/zoo.h"

namespace impasto {

// Each thing in the manner of what resembles it in the painting: skies in the sky's, rock in the
// rock's. What doodles do with maps, with maps that are found.

/// How much each position of a picture belongs to each of some parts.
struct PartShares {
  int64_t height = 0, width = 0, parts = 0;
  std::vector<float> shares;  ///< [height, width, parts], of a position summing to 1
};

/// The same parts in a photograph and in a painting.
struct AlikeParts {
  PartShares photo, painting;
};

/// Soft clusters of what the encoder sees at relu4_1: k-means of the painting's features,
/// normalised in each picture, by their cosines; what of the photograph resembles which of them,
/// brought half way to the painting's shares, so that no part of the painting goes without. Both
/// pictures are looked at at 384 pixels. Null where the network has no relu4_1, or a picture is too
/// small.
std::shared_ptr<const AlikeParts> find_alike_parts(const Network&, Backend&, DType,
                                                   const PictureSource& photo,
                                                   const PictureSource& painting);

/// Where each part is at a tap of this shape that has seen a picture of that size with a margin:
/// each position belongs to the part that it belongs to most.
std::vector<Guide> guides_of(const PartShares&, const Size& inside, int margin, const Shape& tap);

}  // namespace impasto
