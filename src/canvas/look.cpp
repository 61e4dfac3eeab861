#include "canvas/look.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "canvas/picture.h"
#include "image/resize.h"

namespace impasto {

namespace {

constexpr int part_side = 256, parts_of_view = 9;
constexpr double most_of_view = most_looked_at;
static_assert(most_looked_at == parts_of_view * part_side * part_side);

// Where part i of `count` begins: spread from the first pixel of a side to its last.
int start_of(int i, int count, int side, int part) {
  const double step = static_cast<double>(side - part) / std::max(1, count - 1);
  return static_cast<int>(std::lround(count > 1 ? i * step : step / 2));
}

}  // namespace

PaintingView view_of(const Image& painting, const Size& at) {
  if (1.0 * at.width * at.height <= most_of_view) {
    const Tensor whole = to_tensor(resize(painting, at.width, at.height));
    return {whole, whole};
  }
  // Of a strip fewer rows of parts, and more in a row.
  const int width = std::min(at.width, part_side), height = std::min(at.height, part_side);
  int columns = std::clamp(at.width / part_side, 1, 3);
  const int rows = std::clamp(at.height / part_side, 1, parts_of_view / columns);
  columns = std::clamp(at.width / part_side, 1, parts_of_view / rows);
  const Shape part{1, height, width, 3};
  const Tensor parts({int64_t{rows} * columns, height, width, 3});
  const Resizer resizer(painting, at.width, at.height);
  const PictureSource enlarged{at.width, at.height, [&](int x, int y, int count, float* to) {
                                 std::vector<float> room;
                                 resizer.row(x, y, count, room, to);
                               }};
  for (int i = 0; i < rows * columns; ++i) {
    read_window(enlarged, start_of(i / columns, rows, at.height, height),
                start_of(i % columns, columns, at.width, width), parts.picture(i));
  }
  const double own = 1.0 * painting.width() * painting.height();
  const double factor = std::min(1.0, std::sqrt(most_of_view / own));
  return {parts,
          to_tensor(resize(painting, std::max(1, static_cast<int>(painting.width() * factor)),
                           std::max(1, static_cast<int>(painting.height() * factor))))};
}

}  // namespace impasto
