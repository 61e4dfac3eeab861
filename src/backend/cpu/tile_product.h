#pragma once

#include <cstddef>
#include <cstdint>

#include "tensor/dtype.h"

namespace impasto {

// The inner loop of convolutions on the matrix units of processors with AMX: tiles of 16 pixels of
// a row times tiles of 16 output channels, bf16 in, f32 sums. tile_product.cpp is compiled for such
// processors alone; call it after tiles_available() only.

constexpr int64_t tile_pixels = 16, tile_channels = 16, tile_depth = 32;

/// Whether the compiler knew the matrix units.
extern const bool tiles_compiled;
/// Whether oneDNN may use the matrix units (ONEDNN_MAX_CPU_ISA limits us, too) and the operating
/// system lets this process have them.
bool tiles_available();

/// What every group of pixels is multiplied with. A pixel's sum runs over `rows` x `taps` places
/// of the source, and at each over `chunks` times 32 (or `depth`) numbers side by side.
struct TileProduct {
  int rows = 3, taps = 3;
  int64_t chunks = 1;
  int64_t depth = tile_depth;  ///< numbers of a chunk that count; even
  int64_t out = 0;             ///< channels written
  bool relu = false;
  bool adds = false;  ///< what each tile says, behind the clamp
  /// The first half of the channels does not read the last tap of a row, the second half not the
  /// first one; halves are multiples of 16.
  bool sheared = false;
  /// [ceil(out / 16)][rows][taps][chunks][16][32]: numbers 2 k and 2 k + 1 of output channel j are
  /// at [k][2 j] and [k][2 j + 1].
  const bfloat16* weights = nullptr;
  const float* bias = nullptr;  ///< a multiple of 16

  int64_t steps() const { return rows * taps * chunks; }
  int64_t blocks() const { return (out + tile_channels - 1) / tile_channels; }
  int64_t weight_count() const { return blocks() * steps() * tile_depth * tile_channels; }
  /// Where the weight of output channel o for number `at` of a tap is.
  int64_t weight_at(int64_t o, int64_t row, int64_t tap, int64_t at) const {
    const int64_t chunk = at / tile_depth, k = at % tile_depth;
    const int64_t tile = ((o / tile_channels * rows + row) * taps + tap) * chunks + chunk;
    return (tile * tile_depth / 2 + k / 2) * 2 * tile_channels + o % tile_channels * 2 + k % 2;
  }
};

/// 16 pixels: where each tap of each row begins for the first of them, how many bytes on it
/// begins for the next, where their results go, one after the other, and what is added to these
/// (dst itself only where no other tile writes).
struct PixelTile {
  const std::byte* taps[9];
  int64_t stride;
  bfloat16* dst;
  const bfloat16* added = nullptr;
};

/// Of the calling thread: between these two it may multiply.
void configure_tiles(const TileProduct&);
void release_tiles();
/// In order: where tiles overlap the later one's results stay.
void multiply_tiles(const TileProduct&, const PixelTile* tiles, int64_t count);

}  // namespace impasto
