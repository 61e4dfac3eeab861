// Everything here is local and nothing from the standard library is called, so that no wide
// instruction can leak into code that runs on smaller processors.

#include "backend/cpu/tile_moments.h"

#include "backend/cpu/tile_product.h"

#ifdef __AMX_BF16__

#include <immintrin.h>

#include "backend/cpu/tile_sums.h"

namespace impasto {

namespace {

constexpr int64_t tile_size = 512;  // bf16

// 16 channels of 32 pixels, as pairs of pixels: rows are pairs, columns channels; and the other
// way round. They are what is multiplied: the second with the first.
void pack(const bfloat16* features, int64_t pixels, int64_t c, __m512& sums, bfloat16* pairs,
          bfloat16* channels) {
  const __m512bh ones = reinterpret_cast<__m512bh>(_mm512_set1_epi16(0x3f80));
  __m512i rows[16], half[16];
  for (int64_t k = 0; k < 16; ++k) {
    const auto pixel = [&](int64_t i) {
      return i < pixels ? _mm512_cvtepu16_epi32(_mm256_loadu_si256(
                              reinterpret_cast<const __m256i*>(features + i * c)))
                        : _mm512_setzero_si512();
    };
    rows[k] = _mm512_or_si512(pixel(2 * k), _mm512_slli_epi32(pixel(2 * k + 1), 16));
    sums = _mm512_dpbf16_ps(sums, reinterpret_cast<__m512bh>(rows[k]), ones);
    _mm512_store_si512(pairs + 32 * k, rows[k]);
  }
  // Transposes 16 x 16 pairs.
  for (int k = 0; k < 16; k += 2) {
    half[k] = _mm512_unpacklo_epi32(rows[k], rows[k + 1]);
    half[k + 1] = _mm512_unpackhi_epi32(rows[k], rows[k + 1]);
  }
  for (int k = 0; k < 16; k += 4) {
    rows[k] = _mm512_unpacklo_epi64(half[k], half[k + 2]);
    rows[k + 1] = _mm512_unpackhi_epi64(half[k], half[k + 2]);
    rows[k + 2] = _mm512_unpacklo_epi64(half[k + 1], half[k + 3]);
    rows[k + 3] = _mm512_unpackhi_epi64(half[k + 1], half[k + 3]);
  }
  for (int k = 0; k < 16; k += 8) {
    for (int i = 0; i < 4; ++i) {
      half[k + i] = _mm512_shuffle_i32x4(rows[k + i], rows[k + i + 4], 0x88);
      half[k + i + 4] = _mm512_shuffle_i32x4(rows[k + i], rows[k + i + 4], 0xdd);
    }
  }
  for (int i = 0; i < 8; ++i) {
    _mm512_store_si512(channels + 32 * i, _mm512_shuffle_i32x4(half[i], half[i + 8], 0x88));
    _mm512_store_si512(channels + 32 * (i + 8), _mm512_shuffle_i32x4(half[i], half[i + 8], 0xdd));
  }
}

// A tile of sums, as a part of all products.
void store_tile(const float* from, int64_t c, float* products) {
  for (int64_t i = 0; i < 16; ++i) {
    _mm512_storeu_ps(products + i * c, _mm512_load_ps(from + 16 * i));
  }
}

// One group of 16 channels with itself: four chains of products, since each waits for the last.
void multiply_one(const bfloat16* channels, const bfloat16* pairs, int64_t steps, float* products) {
  alignas(64) float sums[4 * sum_tile];
  zero_sums();
  for (int64_t k = 0; k < steps; k += 4, channels += 4 * tile_size, pairs += 4 * tile_size) {
    _tile_loadd(4, channels, 64);
    _tile_loadd(6, pairs, 64);
    _tile_dpbf16ps(0, 4, 6);
    if (k + 1 < steps) {
      _tile_loadd(5, channels + tile_size, 64);
      _tile_loadd(7, pairs + tile_size, 64);
      _tile_dpbf16ps(1, 5, 7);
    }
    if (k + 2 < steps) {
      _tile_loadd(4, channels + 2 * tile_size, 64);
      _tile_loadd(6, pairs + 2 * tile_size, 64);
      _tile_dpbf16ps(2, 4, 6);
    }
    if (k + 3 < steps) {
      _tile_loadd(5, channels + 3 * tile_size, 64);
      _tile_loadd(7, pairs + 3 * tile_size, 64);
      _tile_dpbf16ps(3, 5, 7);
    }
  }
  store_sums(sums);
  for (int64_t i = 0; i < sum_tile; ++i) {
    products[i] = sums[i] + sums[i + sum_tile] + (sums[i + 2 * sum_tile] + sums[i + 3 * sum_tile]);
  }
}

// Two groups of 16 channels with two.
void multiply_two(const bfloat16* channels, const bfloat16* pairs, int64_t steps, int64_t c,
                  float* products) {
  alignas(64) float sums[4 * sum_tile];
  const int64_t group = steps * tile_size;
  zero_sums();
  for (int64_t k = 0; k < steps; ++k, channels += tile_size, pairs += tile_size) {
    _tile_loadd(4, channels, 64);
    _tile_loadd(6, pairs, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(7, pairs + group, 64);
    _tile_dpbf16ps(1, 4, 7);
    _tile_loadd(5, channels + group, 64);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  store_sums(sums);
  store_tile(sums, c, products);
  store_tile(sums + sum_tile, c, products + 16);
  store_tile(sums + 2 * sum_tile, c, products + 16 * c);
  store_tile(sums + 3 * sum_tile, c, products + 16 * c + 16);
}

}  // namespace

void tile_moments(const bfloat16* features, int64_t pixels, int64_t c, bfloat16* room, float* sums,
                  float* products) {
  const int64_t steps = (pixels + tile_depth - 1) / tile_depth, group = steps * tile_size;
  bfloat16 *const pairs = room, *const channels = room + c / 16 * group;
  for (int64_t g = 0; g < c / 16; ++g) {
    __m512 sum = _mm512_setzero_ps();
    for (int64_t k = 0; k < steps; ++k) {
      const int64_t at = g * group + k * tile_size;
      pack(features + k * tile_depth * c + 16 * g, pixels - k * tile_depth, c, sum, pairs + at,
           channels + at);
    }
    _mm512_storeu_ps(sums + 16 * g, sum);
  }
  if (c == 16) return multiply_one(channels, pairs, steps, products);
  for (int64_t i = 0; i < c / 16; i += 2) {
    for (int64_t j = i; j < c / 16; j += 2) {
      multiply_two(channels + i * group, pairs + j * group, steps, c, products + 16 * (i * c + j));
    }
  }
}

}  // namespace impasto

#else

namespace impasto {
void tile_moments(const bfloat16*, int64_t, int64_t, bfloat16*, float*, float*) {}
}  // namespace impasto

#endif
