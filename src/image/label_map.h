#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "image/mask.h"
#include "impasto/image.h"

namespace impasto {

/// A picture in a few flat colours, each of which says what is there.
struct LabelMap {
  int width = 0, height = 0;
  std::vector<std::array<double, 3>> colours;  ///< 0..255, the most frequent first
  std::vector<uint8_t> labels;                 ///< row by row, which of the colours

  /// Where a label is.
  Mask mask(size_t label) const;
};

/// The colours that cover a map's flat places, and what is between them by the nearest of those
/// beside it: so edges may be anti-aliased, and the noise of a lossy file does not count. Colours
/// closer than 40 of 255 are one. Throws Error{input} naming the map: more than 32 colours, so
/// that it is no map.
LabelMap read_label_map(const Image&, const std::string& name);

/// Brings the labels of `map` in the order of those of `like`, of which it may lack some. Throws
/// Error{input}: a colour of `map` that is not in `like`, which it names.
void match_labels(const LabelMap& like, const std::string& like_name, LabelMap& map,
                  const std::string& name);

/// "#rrggbb"
std::string hex_of(const std::array<double, 3>& colour);

}  // namespace impasto
