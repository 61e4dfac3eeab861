#pragma once

#include <vector>

#include "image/mask.h"
#include "impasto/doodle.h"

namespace impasto {

/// Where each label of a doodle's map is, in the result and in the painting, in the same order.
struct DoodleParts {
  std::vector<Mask> of_style;   ///< of the size of the painting's map
  std::vector<Mask> of_result;  ///< of the result's
};
/// Throws Error{input}: a map that is none, or a colour of it that the painting's map lacks.
DoodleParts read_maps(const DoodlePictures&, const Size& result);

}  // namespace impasto
