#pragma once

#include <functional>
#include <vector>

#include "canvas/picture.h"
#include "impasto/image.h"

namespace impasto {

// A network's strokes are some tens of pixels wide, whatever the picture's size: painted at once at
// 4000 pixels, a photograph is tinted rather than painted. So a picture is painted small, and
// enlarged by painting: what the small painting shows stays, and what it is too small to hold,
// edges and the grain of strokes, is painted at the larger size.

/// From the size that is painted first, with a stroke_side() of `first` pixels, to the result's,
/// each at most three times the one before; the result's alone where that is hardly larger.
std::vector<Size> enlarging_sizes(const Size& result, int first);

/// Paints a picture at its own size into a canvas of that size; false: stopped.
using PaintAtOnce = std::function<bool(const PictureSource&, Image& canvas)>;

/// `painting`, made of a photograph at its size, painted on to the size of `photo`, the same
/// photograph. At strength 0 the result is `photo`. The result is f32 where the photograph is, else
/// wide, and then kept in `storage`; where painting was stopped it is what was done by then.
Image enlarge(const Image& painting, const Image& photo, double strength, const PaintAtOnce&,
              Storage storage = Storage::memory);

}  // namespace impasto
