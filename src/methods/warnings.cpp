#include "methods/warnings.h"

#include <cmath>
#include <cstdio>

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

std::string text_of(double v, const char* format = "%.2f") {
  char text[32];
  std::snprintf(text, sizeof text, format, v);
  return text;
}

}  // namespace

std::vector<std::string> warnings_for(const Assessment& a, const Tones& photo,
                                      const StylizeOptions& o, const StylizeResult& result) {
  std::vector<std::string> warnings;
  const bool with_photo = !std::isnan(a.content);
  const std::string whose = with_photo ? ", the photograph's " : ", the painting's ";
  if (a.not_finite > 0) {
    warnings.push_back(text_of(100 * a.not_finite, "%.3g") +
                       " % of the result's values are not numbers");
  }
  if (a.lightness < black && a.lightness < darker * photo.lightness) {
    warnings.push_back("the result is nearly black: its mean lightness is " + text_of(a.lightness) +
                       whose + text_of(photo.lightness));
  } else if (a.contrast < flat && a.contrast < darker * photo.contrast) {
    warnings.push_back("the result is nearly flat: its contrast is " + text_of(a.contrast, "%.3f") +
                       whose + text_of(photo.contrast));
  }
  if (a.checkerboard > grid) {
    warnings.push_back("a grid of 2 or 4 pixels shows in the result (checkerboard " +
                       text_of(a.checkerboard, "%.1f") + ", usually below " +
                       text_of(grid, "%.0f") + ")");
  }
  if (a.seam > seam) {
    warnings.push_back(
        (with_photo ? "a straight line crosses the result that is not in the photograph (seam "
                    : "the border of the tile shows (seam ") +
        text_of(a.seam, "%.1f") + ", usually below " + text_of(seam, "%.0f") + ")");
  }
  const double left =
      with_photo ? left_at_0 - o.strength / 100 * (left_at_0 - left_at_100) : left_of_grey;
  if (!result.cancelled && o.strength >= least_strength && a.style > left) {
    warnings.push_back("hardly painted: " + text_of(100 * a.style, "%.0f") +
                       " % of the way to the painting is left; " +
                       (with_photo ? "a higher --strength" : "more --iterations") +
                       " or another --style-scale may help");
  }
  if (o.strength <= most_strength && a.content > nothing_in_common && a.edge_ssim < still_there) {
    warnings.push_back("hardly anything of the photograph is left (content " + text_of(a.content) +
                       "); a lower --strength may help");
  }
  return warnings;
}

}  // namespace impasto
