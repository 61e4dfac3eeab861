#pragma once

#include <memory>
#include <optional>

#include "transfer/feed.h"
#include "transfer/tiling.h"

namespace impasto {

/// A painting to be looked at, f32.
struct PaintingView {
  Tensor parts;    ///< [n, h, w, 3], at least 32 pixels a side: the strokes
  Tensor colours;  ///< [1, h, w, 3], any size: all of it
};

/// Encoder, transfer and decoder in a row: any picture in any style in one pass.
class Painter {
 public:
  Painter(Backend&, std::shared_ptr<const Graph> encoder, PaintingDecoder, StyleCode, DType);

  /// Memory that painting a picture of this size takes, in bytes, the picture itself included;
  /// nothing is allocated.
  size_t bytes(int64_t height, int64_t width) const;
  /// The same for a picture that is painted in windows of this size.
  size_t window_bytes(int64_t height, int64_t width) const;
  /// The same for looking at a painting.
  size_t looking_bytes(int64_t height, int64_t width) const;
  /// Statistics of a painting.
  StyleStatistics look_at_style(const PaintingView&);
  /// The photograph to paint, [1, h, w, 3] f32, h and w multiples of 16. With a guide, the
  /// statistics that are moved are those of a part of it.
  void look_at_content(const Tensor& photo, const PictureGuide& part = nullptr);
  /// The photograph in a style: [1, h, w, 3] f32, valid until the next call. `share` of the way to
  /// the style's statistics, `boldness` 0..1 as in training.
  Tensor paint(const std::vector<WeightedStatistics>&, double share, double boldness,
               uint64_t seed);

  /// The same for a picture that is read window by window, and at the end equal to it up to
  /// rounding: only a window's features exist at a time, window_bytes(height, width).
  void look_at_content(const TiledPicture&, const PictureGuide& part = nullptr);
  /// Paints what look_at_content() has seen; `write` gets each tile with its window's result, of
  /// which the tile's core counts, and the part of the work that is done. Stops when `write`
  /// returns false, or a StopScope wants it. Returns the tiles that are left then.
  using WriteTile = std::function<bool(const Tile&, const Tensor& window, double done)>;
  std::vector<Tile> paint(const TiledPicture&, const std::vector<WeightedStatistics>&, double share,
                          double boldness, uint64_t seed, const WriteTile& write);

  /// Lets go of what it computes in, until it is needed again; what was looked at stays.
  void rest();
  /// Lets go of the memory that the last window was painted in; it is taken again for the next.
  void let_go_of_window();

 private:
  void plan_looking(const Shape& window);
  void plan_painting(const Shape& window);
  const Tensor& read_window(const TiledPicture&, int64_t y, int64_t x);
  Manner manner_of(const std::vector<WeightedStatistics>&, double share, double boldness,
                   uint64_t seed);
  Tensor paint_window(const TiledPicture&, int64_t y, int64_t x, const Manner&);
  int64_t measured_halo(const TiledPicture&, const Manner&);
  Plan content_plan(const Shape&) const;
  Plan decoder_plan(const Shape&) const;

  Backend& backend_;
  std::shared_ptr<const Graph> encoder_;
  PaintingDecoder decoder_;
  StyleCode code_;
  DType type_;
  DecoderConfig config_;
  std::optional<Plan> content_plan_, decoder_plan_;
  PictureStatistics content_;
  Tensor window_;
};

}  // namespace impasto
