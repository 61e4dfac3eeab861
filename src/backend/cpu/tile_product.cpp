// Everything here is local and nothing from the standard library is called, so that no wide
// instruction can leak into code that runs on smaller processors.

#include "backend/cpu/tile_product.h"

#ifdef __AMX_BF16__

#include <immintrin.h>

namespace impasto {

const bool tiles_compiled = true;

namespace {

struct alignas(64) TileConfig {
  uint8_t palette = 1, start_row = 0, reserved[14] = {};
  uint16_t row_bytes[16] = {};
  uint8_t rows[16] = {};
};

constexpr int64_t weight_tile = 512;   // bf16
constexpr int64_t sum_tile = 256;      // f32
constexpr int64_t sum_row_bytes = 64;

using Sums = float[4 * sum_tile];

// Tiles 0..3 are sums, which begin with the bias in every row. The stride of 0 repeats it.
// The numbers of tiles must be literals: hence no loops over them.

// 2 x 16 pixels by 2 x 16 channels.
void multiply_2x2(const TileProduct& p, const PixelTile& first, const PixelTile& second,
                  const bfloat16* weights, const float* bias, float* sums) {
  _tile_loadd(0, bias, 0);
  _tile_loadd(1, bias + tile_channels, 0);
  _tile_loadd(2, bias, 0);
  _tile_loadd(3, bias + tile_channels, 0);
  const int64_t next = p.steps() * weight_tile;
  const int taps = p.rows * p.taps;
  for (int t = 0; t < taps; ++t) {
    const std::byte *a = first.taps[t], *b = second.taps[t];
    for (int64_t c = 0; c < p.chunks; ++c) {
      _tile_loadd(4, a, first.stride);
      _tile_loadd(6, weights, 64);
      _tile_dpbf16ps(0, 4, 6);
      _tile_loadd(7, weights + next, 64);
      _tile_dpbf16ps(1, 4, 7);
      _tile_loadd(5, b, second.stride);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
      a += 64, b += 64, weights += weight_tile;
    }
  }
  _tile_stored(0, sums, sum_row_bytes);
  _tile_stored(1, sums + sum_tile, sum_row_bytes);
  _tile_stored(2, sums + 2 * sum_tile, sum_row_bytes);
  _tile_stored(3, sums + 3 * sum_tile, sum_row_bytes);
}

// 4 x 16 pixels by 16 channels.
void multiply_4x1(const TileProduct& p, const PixelTile* const* tiles, const bfloat16* weights,
                  const float* bias, float* sums) {
  _tile_loadd(0, bias, 0);
  _tile_loadd(1, bias, 0);
  _tile_loadd(2, bias, 0);
  _tile_loadd(3, bias, 0);
  const int taps = p.rows * p.taps;
  for (int t = 0; t < taps; ++t) {
    for (int64_t c = 0; c < p.chunks; ++c) {
      _tile_loadd(7, weights, 64);
      _tile_loadd(4, tiles[0]->taps[t] + 64 * c, tiles[0]->stride);
      _tile_dpbf16ps(0, 4, 7);
      _tile_loadd(5, tiles[1]->taps[t] + 64 * c, tiles[1]->stride);
      _tile_dpbf16ps(1, 5, 7);
      _tile_loadd(6, tiles[2]->taps[t] + 64 * c, tiles[2]->stride);
      _tile_dpbf16ps(2, 6, 7);
      _tile_loadd(4, tiles[3]->taps[t] + 64 * c, tiles[3]->stride);
      _tile_dpbf16ps(3, 4, 7);
      weights += weight_tile;
    }
  }
  _tile_stored(0, sums, sum_row_bytes);
  _tile_stored(1, sums + sum_tile, sum_row_bytes);
  _tile_stored(2, sums + 2 * sum_tile, sum_row_bytes);
  _tile_stored(3, sums + 3 * sum_tile, sum_row_bytes);
}

inline __m512 finished(const float* sums, bool relu) {
  const __m512 v = _mm512_load_ps(sums);
  // In this order NaN stays NaN.
  return relu ? _mm512_max_ps(_mm512_setzero_ps(), v) : v;
}

void store_32(const float* sums, bool relu, bfloat16* dst, int64_t pitch) {
  for (int64_t i = 0; i < tile_pixels; ++i, dst += pitch) {
    const __m512 low = finished(sums + 16 * i, relu),
                 high = finished(sums + sum_tile + 16 * i, relu);
    _mm512_storeu_si512(dst, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low)));
  }
}

void store_16(const float* sums, bool relu, bfloat16* dst, int64_t pitch, int64_t channels) {
  const auto mask = static_cast<__mmask16>((1u << channels) - 1);
  for (int64_t i = 0; i < tile_pixels; ++i, dst += pitch) {
    const auto v =
        reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(finished(sums + 16 * i, relu)));
    if (channels == 16)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(dst), v);
    else
      _mm256_mask_storeu_epi16(dst, mask, v);
  }
}

}  // namespace

void configure_tiles(const TileProduct& p) {
  TileConfig config;
  for (int i = 0; i < 8; ++i) {
    config.rows[i] = 16;
    config.row_bytes[i] = 64;
  }
  // Of the pixels' tiles in either way of multiplying, and of the weights' in the second.
  for (int i = 4; i < 7; ++i) config.row_bytes[i] = static_cast<uint16_t>(2 * p.depth);
  config.rows[7] = static_cast<uint8_t>(p.depth / 2);
  // gcc 12 takes the first eight bytes for all that is read.
  __asm__ volatile("" ::"r"(&config) : "memory");
  _tile_loadconfig(&config);
}

void release_tiles() {
  _tile_release();
}

void multiply_tiles(const TileProduct& p, const PixelTile* tiles, int64_t count) {
  alignas(64) Sums sums;
  const int64_t block = p.steps() * weight_tile;
  const bfloat16* weights = p.weights;
  int64_t channel = 0;
  for (; channel + 32 <= p.out && p.depth == tile_depth; channel += 32, weights += 2 * block) {
    for (int64_t t = 0; t < count; t += 2) {
      const bool two = t + 1 < count;
      multiply_2x2(p, tiles[t], tiles[t + two], weights, p.bias + channel, sums);
      store_32(sums, p.relu, tiles[t].dst + channel, p.out);
      if (two) store_32(sums + 2 * sum_tile, p.relu, tiles[t + 1].dst + channel, p.out);
    }
  }
  for (; channel < p.out; channel += 16, weights += block) {
    const int64_t channels = p.out - channel < 16 ? p.out - channel : 16;
    for (int64_t t = 0; t < count; t += 4) {
      const int64_t some = count - t < 4 ? count - t : 4;
      const PixelTile* four[4];
      for (int64_t i = 0; i < 4; ++i) four[i] = tiles + t + (i < some ? i : 0);
      multiply_4x1(p, four, weights, p.bias + channel, sums);
      for (int64_t i = 0; i < some; ++i) {
        store_16(sums + i * sum_tile, p.relu, four[i]->dst + channel, p.out, channels);
      }
    }
  }
}

}  // namespace impasto

#else  // another processor, or a compiler that does not know its matrix units

namespace impasto {
const bool tiles_compiled = false;
void configure_tiles(const TileProduct&) {}
void release_tiles() {}
void multiply_tiles(const TileProduct&, const PixelTile*, int64_t) {}
}  // namespace impasto

#endif
