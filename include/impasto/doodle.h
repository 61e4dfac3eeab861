#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "impasto/job.h"
#include "impasto/stylize.h"

namespace impasto {

/// What a doodle is made from. Maps are pictures in a few flat colours, each of which stands for
/// one thing: where the painting's map has it, there is the manner in which it is painted.
struct DoodlePictures {
  Painting style;                ///< the painting
  Image style_map;               ///< of the painting, any size
  Image map;                     ///< of the result
  std::optional<Image> content;  ///< a photograph whose things are kept
  // Names for errors.
  std::string style_map_name = "the painting's map", map_name = "the map";
};

/// Defaults for a doodle.
StylizeOptions doodle_defaults();
/// The options of StylizeOptions that a doodle obeys. Made once.
const OptionTable<StylizeOptions>& doodle_options();

/// A picture in the painting's manner whose shapes follow the map (semantic style transfer,
/// Champandard 2016; here by statistics within each colour, Gatys et al. 2017): the method
/// "optimize", from noise in the colours of each part, or from the photograph. The result has the
/// size of the photograph, or else of the map, unless the options ask for another. Throws Error:
/// options out of range, empty pictures, a map that is none or has a colour that the painting's
/// lacks, not enough memory.
StylizeResult doodle(Session&, const DoodlePictures&, const StylizeOptions&, Progress&);

/// The headers of a doodle's pictures, as read_header() gives them.
struct DoodleHeaders {
  PaintingHeader style;
  PictureHeader style_map, map;
  std::optional<PictureHeader> content;
};
/// What a doodle of such pictures would come to. How many colours the maps have is not known before
/// they are read: eight are reckoned with. With `output`, that file is counted, too. Throws
/// Error{usage}, Error{input}, Error{memory} as doodle().
Job plan_doodle(Session&, const DoodleHeaders&, const StylizeOptions&,
                const std::string& output = {});

/// Files of a doodle, as they stand in its recipe.
struct DoodleFiles {
  std::string style, style_map, map, content;     ///< content may be ""
  std::map<std::string, std::string> names = {};  ///< by path, where a file is called otherwise
};
std::string make_doodle_recipe(const DoodleFiles&, const StylizeOptions&, const StylizeResult&);

}  // namespace impasto
