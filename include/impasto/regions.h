#pragma once

#include <optional>
#include <string>
#include <vector>

#include "impasto/image.h"
#include "impasto/painting.h"

namespace impasto {

// What of a photograph is painted, and a style for each part of it. A mask is a picture of any size
// that is brought to the result's: white is painted, black is left, grey and opacity are how much.

/// A part of the result that is painted in a style of its own.
struct Region {
  SharedImage mask;
  SharedPainting style;
  std::optional<double> strength;  ///< 0..100; none: the options'
  std::string name;                ///< of the mask, in errors
};

struct Regions {
  SharedImage mask;             ///< of all that is painted; null: everything
  std::string mask_name;        ///< in errors
  std::vector<Region> regions;  ///< later ones lie over earlier ones, softly

  bool empty() const { return !mask && regions.empty(); }
};

/// The files of regions.
struct RegionFiles {
  std::string mask = {};  ///< of all that is painted, or ""
  struct Part {
    std::string mask, style;
    std::optional<double> strength = {};  ///< none: the options'
  };
  std::vector<Part> parts = {};

  bool empty() const { return mask.empty() && parts.empty(); }
  std::vector<std::string> paths() const;
};
/// Throws Error{input}: a file that is missing or no picture, or no style file either.
Regions read_regions(const RegionFiles&);

}  // namespace impasto
