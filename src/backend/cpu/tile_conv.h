#pragma once

#include <array>
#include <memory>
#include <vector>

#include "backend/backend.h"
#include "backend/cpu/tile_product.h"

namespace impasto {

struct Kernels;
class DnnlContext;

/// 3x3 convolutions of bf16 pictures, and their gradients, on the matrix units (tile_product.h).
/// Tiles are read from the picture where it lies; only those at the left and right edge, whose
/// neighbours are beyond the frame, are gathered from it. One of these is one direction of one
/// convolution, with its weights.
class TileConv {
 public:
  /// Whether this processor and this description are ones for it.
  static bool suits(const Conv2dDesc&, bool backward);

  /// `weights` OIHW f32, `bias` [out] f32 (forward only).
  static std::shared_ptr<const TileConv> forward(const Conv2dDesc&, const Tensor& weights,
                                                 const Tensor& bias);
  static std::shared_ptr<const TileConv> backward(const Conv2dDesc&, const Tensor& weights);

  /// Forward: src to dst, without `gate`. Backward: ddst to dsrc; where `gate` (the clamped
  /// result) is given, ddst counts where it is above 0.
  void run(const Kernels&, DnnlContext&, const Tensor& src, const Tensor* gate,
           const Tensor& dst) const;

 private:
  class Strip;
  // weight(output channel, source channel, kernel row, kernel column)
  template <class F>
  TileConv(const Shape& src, int64_t out, PadMode border, bool fold, F weight);

  // Where a tile cannot be read in place, the pixel in the middle of a tap of one still can.
  bool gathers(int tap) const { return span_ > 1 || tap != 1; }
  bool reads_inside(int64_t x) const;
  std::array<int64_t, 2> columns(int64_t x, int64_t kernel_column) const;

  int64_t n_, h_, w_, in_;
  PadMode border_;
  bool fold_;  // what a mirrored border received goes back to where it came from
  int span_;   // neighbouring pixels in a tap
  int64_t pixel_, gathered_stride_;  // bytes
  TileProduct product_;
  Tensor weights_, bias_;
  std::vector<int64_t> first_, edges_;  // of a row's tiles: the first pixel; those to be gathered
};

}  // namespace impasto
