#pragma once

#include <vector>

#include "image/mask.h"
#include "impasto/doodle.h"

namespace impasto {

/// Where each of the labels of a doodle's maps is, in the same order.
struct DoodleParts {
  std::vector<Mask> of_style;   ///< of the size of the painting's map
  std::vector<Mask> of_result;  ///< of the result's
};
/// Throws Error{input}: a map that is none, or a colour that the other one lacks.
DoodleParts read_maps(const DoodlePictures&, const Size& result);

}  // namespace impasto
