#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nn/graph.h"

namespace impasto {

/// Windows begin at multiples of this: what the pools of a VGG divide, up to relu5_1.
constexpr int64_t tile_step = 16;

/// One window of a side, [start, start + window), and the part of it that counts.
struct Cut {
  int64_t start = 0;
  int64_t begin = 0, end = 0;
};
/// Windows of one size whose parts follow each other from 0 to `length`, each at least `halo` away
/// from where its window was cut. All but `length` are multiples of 16, and window - length is; a
/// window is no longer than the side, and longer than two halos unless it is all of it.
std::vector<Cut> cut_side(int64_t length, int64_t window, int64_t halo);
/// The shortest window for cut_side that needs no more cuts than the longest up to `longest`, which
/// is well above two halos.
int64_t even_window(int64_t length, int64_t longest, int64_t halo);

struct Tile {
  Cut y, x;
};

/// A picture [1, h, w, 3] that is read window by window. What lies beyond its frame is the
/// network's own padding there and only there, so tiles hold what the whole would.
struct TiledPicture {
  int64_t height = 0, width = 0;
  int64_t window_height = 0, window_width = 0;  ///< as cut_side wants them
  /// Fills [1, window_height, window_width, 3], f32, whose first pixel stands at (y, x).
  std::function<void(int64_t y, int64_t x, const Tensor& window)> read;

  std::vector<Tile> tiles(int64_t halo) const;
};

/// What counts of a tile's features of one position for `step` x `step` pixels, as a dense tensor.
/// It is in `room`, which grows as needed and can be used for the next, or, when all of the
/// features count, these themselves.
Tensor core_of(const Tensor& features, const Tile&, int64_t step, Tensor& room);
/// The other way round: writes `core` where core_of reads. Nothing to do when it is `features`.
void put_core(const Tensor& core, const Tile&, int64_t step, const Tensor& features);

/// How a tap sees the picture: a position has `step` x `step` pixels of its own, and sees `reach`
/// beyond them.
struct Field {
  int64_t step = 1, reach = 0;
};
/// Throws Error{unsupported} when the network sees all of the picture at once (it normalises over
/// it), or at another size (it enlarges), so that it cannot be cut into tiles.
Field field_of(const Graph&, const std::string& tap);

}  // namespace impasto
