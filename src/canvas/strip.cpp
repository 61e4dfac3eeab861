#include "canvas/strip.h"

#include <algorithm>
#include <cmath>

#include "transfer/style_file.h"

namespace impasto {

namespace {

constexpr int64_t longest = 4;        // times the shorter side: what is longer is a strip
constexpr int64_t long_enough = 256;  // pixels: what is shorter is none

}  // namespace

int stroke_side(const Size& size) {
  const int64_t longer = std::max(size.width, size.height);
  const int64_t shorter = std::min(size.width, size.height);
  return static_cast<int>(std::min(longer, std::max(longest * shorter, long_enough)));
}

int longer_side(const PaintingHeader& painting) {
  const SavedStyle* saved = painting.learned.get();
  return saved ? std::max(saved->width, saved->height) : std::max(painting.width, painting.height);
}

Size look_size(const PaintingHeader& painting, int side) {
  const int longer = std::max(painting.width, painting.height);
  const double whole =
      static_cast<double>(side) * longer / stroke_side({painting.width, painting.height});
  return scaled_to(painting, std::max(side, static_cast<int>(std::min<double>(whole, longer))));
}

}  // namespace impasto
