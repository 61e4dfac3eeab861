#pragma once

#include <memory>
#include <vector>

#include "backend/backend.h"
#include "image/mask.h"
#include "impasto/regions.h"
#include "impasto/stylize.h"

namespace impasto {

/// A part of a result that is painted in a style, or a mixture of styles, of its own.
struct StyleArea {
  std::vector<SharedPainting> styles;
  std::vector<double> weights;  ///< one per style; empty: all alike
  double strength = 50;         ///< 0..100
  Mask mask;                    ///< where, of the result's size, less what later areas cover
};

/// What of a result is painted, and in what.
struct Areas {
  std::vector<StyleArea> areas;
  Mask painted;  ///< the sum of theirs; the rest is the photograph's
};

/// The regions for a result of this size, the `styles` (if any) where no region lies; softened, and
/// within the mask of the whole. Throws Error{input} naming a mask with nothing in it.
Areas make_areas(const std::vector<SharedPainting>& styles, const Regions&, const StylizeOptions&,
                 const Size&);

/// Throws Error{usage}, Error{input} for what check_pictures() would not accept of the regions'
/// pictures and of `styles`, which may be none.
void check_regions(const Image& content, const std::vector<SharedPainting>& styles, const Regions&,
                   const StylizeOptions&);

/// The options that paint an area.
StylizeOptions options_in(const StyleArea&, const StylizeOptions&);

/// How much of the area each of [height, width] positions is, whose features stand for `step_y` x
/// `step_x` pixels, the first of them at pixel (y, x) of the mask. Mirrored at the mask's frame.
Guide guide_at(const Mask&, int64_t y, int64_t x, int64_t height, int64_t width, int64_t step_y,
               int64_t step_x);
/// The same for a tap of this shape that has seen the mask's picture with a margin.
Guide guide_at(const Mask&, int margin, const Shape& tap);

}  // namespace impasto
