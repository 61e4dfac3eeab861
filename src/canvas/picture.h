#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "backend/backend.h"
#include "base/parallel.h"
#include "image/size.h"
#include "impasto/image.h"
#include "tensor/tensor.h"
#include "transfer/tiling.h"

namespace impasto {

/// What networks see and what they paint is in sRGB's range. Colours of a wide profile beyond it
/// would be of a kind that they never met, and would come out as glaring spots.
inline float in_gamut(float v) {
  return std::clamp(v, 0.0f, 1.0f);
}

/// A picture that need not exist as a whole: its pixels are made when they are asked for, by any
/// number of threads.
struct PictureSource {
  int width = 0, height = 0;
  /// `count` pixels of row y, from column x on.
  std::function<void(int x, int y, int count, float* to)> read;
};
/// The picture has to outlive it.
PictureSource source_of(const Image&);
/// Of [1, h, w, 3] f32 without its margin, clamped to 0..1.
PictureSource source_of(const Tensor&, int margin);
/// The same at another size.
PictureSource source_of(const PictureSource&, const Size&);
PictureSource source_of(const Image&, const Size&);
/// With `margin` pixels more on each side, mirrored at the frame.
PictureSource with_margin(const PictureSource&, int margin);

/// Every row of a picture, which body(y, row, other, room) changes; `other` has the row's length,
/// `room` is for a Resizer.
template <class Body>
void change_rows(Image& image, const Body& body) {
  parallel_for(image.height(), 16, [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<size_t>(image.width()) * 3), other(row.size()), room;
    for (int y = static_cast<int>(begin); y < end; ++y) {
      image.read(0, y, image.width(), row.data());
      body(y, row, other, room);
      image.write(0, y, image.width(), row.data());
    }
  });
}

/// A window [1, h, w, 3] f32 from (y, x) on, clamped to 0..1, with mirrored pixels to the right and
/// below, where it reaches over the frame.
void read_window(const PictureSource&, int64_t y, int64_t x, const Tensor& window);
/// What counts of a window, or as much of it as is inside the frame, clamped to 0..1.
void write_core(const Tile&, const Tensor& window, Image&);
/// canvas += share * (photo - canvas).
void blend(const PictureSource& photo, float share, Image& canvas);

/// [1, h, w, 3] f32 from a picture's colours, and back, without a margin; both clamped to 0..1.
Tensor to_tensor(const PictureSource&);
Tensor to_tensor(const Image&);
Image to_image(const PictureSource&);
Image to_image(const Tensor&, int margin = 0);

}  // namespace impasto
