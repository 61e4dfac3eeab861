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
/// neighbours are beyond the frame, are gathered from it. Pixels of few channels are made in pairs,
/// as if the picture were half as wide and of twice the channels: tiles are filled better, and
/// their rows do not straddle cache lines. One of these is one direction of one convolution, with
/// its weights.
class TileConv {
 public:
  /// Whether this processor and this description are ones for it.
  static bool suits(const Conv2dDesc&, bool backward);

  /// What one of these takes while it runs, and its weights.
  static Footprint footprint(const Conv2dDesc&, bool backward);

  /// `weights` OIHW f32, `bias` [out] f32 (forward only).
  static std::shared_ptr<const TileConv> forward(const Conv2dDesc&, const Tensor& weights,
                                                 const Tensor& bias);
  static std::shared_ptr<const TileConv> backward(const Conv2dDesc&, const Tensor& weights);
  /// To be completed by with().
  static std::shared_ptr<const TileConv> modulated(const ModulatedConv2dDesc&,
                                                   const Tensor& weights, const Tensor& bias);
  /// The convolution that does to a picture what modulated() does to one of these scales and
  /// shifts, [c] f32.
  TileConv with(const Kernels&, const Tensor& scale, const Tensor& shift) const;

  /// Forward: src to dst, without `gate`. Backward: ddst to dsrc; where `gate` (the clamped
  /// result) is given, ddst counts where it is above 0.
  void run(const Kernels&, DnnlContext&, const Tensor& src, const Tensor* gate,
           const Tensor& dst) const;

 private:
  class Strip;
  // weight(output channel, source channel, kernel row, kernel column)
  template <class F>
  TileConv(const Shape& src, int64_t out, PadMode border, bool fold, F weight);
  void set_bias(const float* bias, int64_t out);

  // What is read for a row's groups of pixels from x on: tap `tap` begins at this pixel.
  int64_t tap_begin(int64_t x, int tap) const { return x + first_tap_ + tap * group_; }
  // A mirrored border received from pixel `from`, so its gradient goes there: the output's pixel
  // `reader` gets it with that of pixel `read`. So it is of columns, and of rows.
  struct Fold {
    int64_t reader, read, from;
  };
  struct Edge {
    int64_t x;
    std::array<bool, 3> gathers;  // by tap
  };
  int64_t place_of(const Fold&, int64_t x, int tap) const;
  Edge edge_at(int64_t x) const;

  int64_t n_, h_, w_, in_;
  PadMode border_;
  int64_t group_;                    // pixels side by side that are made at once
  int64_t first_tap_, span_;         // of pixels: before the group's first; in a tap
  int64_t pixel_, gathered_stride_;  // bytes
  TileProduct product_;
  Tensor weights_, bias_;
  bool residual_ = false;
  Tensor kernel_sums_;          // of a modulated one, by output and source channel
  std::vector<Fold> folds_;     // of columns
  std::vector<int64_t> first_;  // pixels of a row's tiles
  std::vector<Edge> edges_;     // tiles that are gathered
};

}  // namespace impasto
