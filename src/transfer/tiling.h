#pragma once

#include <functional>
#include <vector>

#include "losses/loss.h"

namespace impasto {

/// How far a network sees, rounded up to its coarsest step of 16 pixels: beyond that many pixels
/// from where a window was cut, features are those of the whole picture. The encoder's relu5_1 sees
/// 70 pixels; the decoder reads five of its positions to each side, 80 pixels more.
constexpr int64_t encoder_halo = 80, painter_halo = 160;

/// The smallest side that a window should have where the picture is larger.
constexpr int64_t smallest_window = 512;

/// One window of a side, [start, start + window), and the part of it that counts.
struct Cut {
  int64_t start = 0;
  int64_t begin = 0, end = 0;
};
/// Windows of one size whose parts follow each other from 0 to `length`, each at least `halo` away
/// from where its window was cut. All are multiples of 16; a window is no longer than the side, and
/// longer than two halos unless it is all of it.
std::vector<Cut> cut_side(int64_t length, int64_t window, int64_t halo);
/// The shortest window that needs no more cuts with painter_halo than one of `longest`.
int64_t even_window(int64_t length, int64_t longest);

struct Tile {
  Cut y, x;
};

/// Which part of a picture counts: the guide of [height, width] positions of `step` x `step` pixels
/// each, the first of them at pixel (y, x) of the picture.
using PictureGuide =
    std::function<Guide(int64_t y, int64_t x, int64_t height, int64_t width, int64_t step)>;

/// A picture [1, h, w, 3] that is read window by window. What lies beyond its frame is mirrored
/// there and only there, so tiles hold what the whole would.
struct TiledPicture {
  int64_t height = 0, width = 0;                ///< multiples of 16
  int64_t window_height = 0, window_width = 0;  ///< as cut_side wants them
  /// Fills [1, window_height, window_width, 3], f32, whose first pixel stands at (y, x).
  std::function<void(int64_t y, int64_t x, const Tensor& window)> read;

  std::vector<Tile> tiles(int64_t halo) const;
};

/// What counts of a tile's features of one position for `step` x `step` pixels, as a dense tensor.
/// It is in `room`, which grows as needed and can be used for the next.
Tensor core_of(const Tensor& features, const Tile&, int64_t step, Tensor& room);

/// The statistics of two parts together (Chan, Golub and LeVeque 1983). `a` may be empty.
FeatureStatistics together(const FeatureStatistics& a, const FeatureStatistics& b);

}  // namespace impasto
