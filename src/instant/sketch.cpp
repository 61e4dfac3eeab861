#include "instant/sketch.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "canvas/picture.h"
#include "canvas/strip.h"
#include "image/luma.h"
#include "image/resize.h"
#include "options/strength.h"

namespace impasto {

namespace {

// Both were chosen with bench/quality.py: more of the photograph costs style, and strokes their
// form.
constexpr double share_of_photo = 0.45;
constexpr double blocks_on_a_side = 32;  // detail is what these are too large for

}  // namespace

Image sketch_from(Image painting, const Image& photo, double strength) {
  const auto share = static_cast<float>(share_of_photo * style_share(strength));
  const Size size = size_of(painting);
  // From the painting to the photograph in grey.
  const auto way = [&](int x, int y, int count, float* to) {
    std::vector<float> grey(static_cast<size_t>(count) * 3);
    painting.read(x, y, count, to);
    photo.read(x, y, count, grey.data());
    for (size_t i = 0; i < grey.size(); ++i) to[i] = luma(&grey[i / 3 * 3]) - to[i];
  };
  const double block = stroke_side(size) / blocks_on_a_side;
  const auto blocks = [block](int side) {
    return std::max(1, static_cast<int>(std::lround(side / block)));
  };
  const Size small{blocks(size.width), blocks(size.height)};
  const Resizer reduced(size, way, small);
  Image coarse(small.width, small.height);
  change_rows(coarse,
              [&](int y, std::vector<float>& row, std::vector<float>&, std::vector<float>& room) {
                reduced.row(0, y, small.width, room, row.data());
              });
  const Resizer enlarged(coarse, size.width, size.height);
  change_rows(painting, [&](int y, std::vector<float>& row, std::vector<float>& other,
                            std::vector<float>& room) {
    std::vector<float> fine(row.size());
    way(0, y, size.width, fine.data());
    enlarged.row(0, y, size.width, room, other.data());
    for (size_t i = 0; i < row.size(); ++i) {
      row[i] = in_gamut(row[i] + share * (fine[i] - other[i]));
    }
  });
  return painting;
}

}  // namespace impasto
