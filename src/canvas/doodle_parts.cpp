#include "canvas/doodle_parts.h"

#include <algorithm>

#include "image/label_map.h"

namespace impasto {

DoodleParts read_maps(const DoodlePictures& pictures, const Size& result) {
  const LabelMap style = read_label_map(pictures.style_map, pictures.style_map_name);
  LabelMap map = read_label_map(pictures.map, pictures.map_name);
  match_labels(style, pictures.style_map_name, map, pictures.map_name);
  DoodleParts parts;
  for (size_t i = 0; i < style.colours.size(); ++i) {
    if (std::find(map.labels.begin(), map.labels.end(), i) == map.labels.end()) continue;
    parts.of_style.push_back(style.mask(i));
    parts.of_result.push_back(resized(map.mask(i), result));
  }
  return parts;
}

}  // namespace impasto
