#include "judge/warnings.h"

#include <cmath>

#include "base/number_text.h"

namespace impasto {

namespace {

constexpr double black = 0.04, flat = 0.03;  // lightness, contrast
constexpr double darker = 0.25;              // of the photograph's
constexpr double grid = 1, seam = 3;
// Style that is left at strength 0 and 100 before a picture counts as hardly painted: most have
// about half of that.
constexpr double left_at_0 = 1.02, left_at_100 = 0.75;
constexpr double left_of_grey = 0.6;   // where there is no photograph: of a grey picture's way
constexpr double least_strength = 10;  // below, nobody expects a painting
constexpr double nothing_in_common = 0.7, still_there = 0.15;  // of content, of edges
constexpr double most_strength = 90;                           // above, it was asked for

}  // namespace

std::vector<std::string> warnings_for(const Assessment& a, const Tones& photo,
                                      const StylizeOptions& o, const StylizeResult& result) {
  std::vector<std::string> warnings;
  const bool with_photo = !std::isnan(a.content);
  const std::string whose = with_photo ? ", the photograph's " : ", the painting's ";
  if (a.not_finite > 0) {
    warnings.push_back(significant(100 * a.not_finite, 3) +
                       " % of the result's values are not numbers");
  }
  if (a.lightness < black && a.lightness < darker * photo.lightness) {
    warnings.push_back("the result is nearly black: its mean lightness is " +
                       fixed(a.lightness, 2) + whose + fixed(photo.lightness, 2));
  } else if (a.contrast < flat && a.contrast < darker * photo.contrast) {
    warnings.push_back("the result is nearly flat: its contrast is " + fixed(a.contrast, 3) +
                       whose + fixed(photo.contrast, 2));
  }
  if (a.checkerboard > grid) {
    warnings.push_back("a grid of 2 or 4 pixels shows in the result (checkerboard " +
                       fixed(a.checkerboard, 1) + ", usually below " + fixed(grid, 0) + ")");
  }
  if (a.seam > seam) {
    warnings.push_back(
        (with_photo ? "a straight line crosses the result that is not in the photograph (seam "
                    : "the border of the tile shows (seam ") +
        fixed(a.seam, 1) + ", usually below " + fixed(seam, 0) + ")");
  }
  const double left =
      with_photo ? left_at_0 - o.strength / 100 * (left_at_0 - left_at_100) : left_of_grey;
  if (!result.cancelled && o.strength >= least_strength && a.style > left) {
    warnings.push_back("hardly painted: " + fixed(100 * a.style, 0) +
                       " % of the way to the painting is left; " +
                       (with_photo ? "a higher `strength`" : "more `iterations`") +
                       " or another `style-scale` may help");
  }
  if (o.strength <= most_strength && a.content > nothing_in_common && a.edge_ssim < still_there) {
    warnings.push_back("hardly anything of the photograph is left (content " + fixed(a.content, 2) +
                       "); a lower `strength` may help");
  }
  return warnings;
}

std::string nothing_to_paint(bool with_photo) {
  return std::string("there was nothing to paint: ") +
         (with_photo ? "the photograph" : "a grey picture") +
         " is in the painting's style already, so no score says how much of it was reached";
}

}  // namespace impasto
