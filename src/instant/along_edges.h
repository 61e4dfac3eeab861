#pragma once

#include <functional>

#include "impasto/image.h"

namespace impasto {

// Beyond some tens of megapixels the network would take longer than anybody waits for strokes that
// nobody can see: what is painted there is enlarged, and follows the photograph's edges.

/// The size up to which a picture is painted before it is enlarged to `result` by
/// enlarged_along_edges(): the result's own where that is not too large.
Size painted_size(const Size& result);

/// `painting`, made of `small`, at the size of `photo`, of which `small` is a reduced copy:
/// enlarged smoothly, plus what the photograph shows between the two sizes, times the local slope
/// of the painting over the photograph (the guided filter's; He, Sun and Tang 2013, and "Fast
/// guided filter", 2015), so that edges are sharp where the painting has them, and as strong. At
/// strength 0 the result is `photo`. It has the photograph's samples; its alpha and metadata, too.
/// `told` hears how much of it is done, 0..1.
Image enlarged_along_edges(
    Image painting, const Image& small, const Image& photo, double strength,
    Storage storage = Storage::memory, const std::function<void(double)>& told = [](double) {});

}  // namespace impasto
