// Everything here is local and nothing from the standard library is called, so that no wide
// instruction can leak into code that runs on smaller processors.

#include "backend/cpu/tile_product.h"

#ifdef __AMX_BF16__

#include <immintrin.h>

#include "backend/cpu/tile_sums.h"

namespace impasto {

const bool tiles_compiled = true;

namespace {

struct alignas(64) TileConfig {
  uint8_t palette = 1, start_row = 0, reserved[14] = {};
  uint16_t row_bytes[16] = {};
  uint8_t rows[16] = {};
};

constexpr int64_t weight_tile = 512;  // bf16

inline __m512 finished(const float* sums, bool relu) {
  const __m512 v = _mm512_load_ps(sums);
  // In this order NaN stays NaN.
  return relu ? _mm512_max_ps(_mm512_setzero_ps(), v) : v;
}

inline __m512 widened(__m256i bf16) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bf16), 16));
}

// How a block's sums become pixels: of 32 channels; two pixels of 16 channels, if there are no
// others; one of 16 channels or fewer.
enum class Width { full, pair, part };

// Does so a few pixels at a time between the products of the next block, where the core would wait
// for the matrix unit.
template <Width width>
class Finisher {
 public:
  static constexpr int most_tiles = width == Width::full ? 2 : 4;
  static constexpr uint32_t stores_of_tile = width == Width::pair ? 8 : 16;
  static constexpr uint32_t sums_of_tile = (width == Width::full ? 2 : 1) * sum_tile;

  Finisher(const TileProduct& p)
      : pitch_(p.out), relu_(p.relu), adds_(p.adds), steps_(static_cast<uint32_t>(p.steps())) {}

  // Where the sums of the next block are wanted: not where those lie that are being finished.
  float* free_sums() { return sums_[1 - current_]; }
  void begin(const PixelTile* tiles, int64_t count, int64_t channel, int64_t channels) {
    current_ = 1 - current_;
    for (int64_t i = 0; i < count; ++i) {
      dst_[i] = tiles[i].dst + channel;
      added_[i] = adds_ ? tiles[i].added + channel : dst_[i];
    }
    channels_ = static_cast<__mmask16>((1ull << channels) - 1);
    done_ = 0, total_ = static_cast<uint32_t>(count) * stores_of_tile;
    each_step_ = (total_ + steps_ - 1) / steps_;
  }
  void step() { advance(each_step_); }
  void finish() { advance(total_); }

 private:
  void advance(uint32_t count) {
    const uint32_t end = done_ + count < total_ ? done_ + count : total_;
    for (; done_ < end; ++done_) {
      const uint32_t tile = done_ / stores_of_tile, i = done_ % stores_of_tile;
      const float* sums = sums_[current_] + tile * sums_of_tile;
      const int64_t at = width == Width::pair ? 32 * i : i * pitch_;
      bfloat16* dst = dst_[tile] + at;
      const bfloat16* added = added_[tile] + at;
      if constexpr (width == Width::full)
        store(sums + 16 * i, sums + sum_tile + 16 * i, added, dst);
      else if constexpr (width == Width::pair)
        store(sums + 32 * i, sums + 32 * i + 16, added, dst);
      else
        store_part(sums + 16 * i, added, dst);
    }
  }
  void store(const float* low, const float* high, const bfloat16* added, bfloat16* dst) {
    __m512 l = finished(low, relu_), h = finished(high, relu_);
    if (adds_) {
      const auto* a = reinterpret_cast<const __m256i*>(added);
      l = _mm512_add_ps(l, widened(_mm256_loadu_si256(a)));
      h = _mm512_add_ps(h, widened(_mm256_loadu_si256(a + 1)));
    }
    _mm512_storeu_si512(dst, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(h, l)));
  }
  void store_part(const float* sums, const bfloat16* added, bfloat16* dst) {
    __m512 v = finished(sums, relu_);
    if (adds_) v = _mm512_add_ps(v, widened(_mm256_maskz_loadu_epi16(channels_, added)));
    _mm256_mask_storeu_epi16(dst, channels_, reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(v)));
  }

  alignas(64) float sums_[2][4 * sum_tile];
  int current_ = 0;
  bfloat16* dst_[most_tiles];
  const bfloat16* added_[most_tiles];
  uint32_t done_ = 0, total_ = 0, each_step_ = 0;
  const int64_t pitch_;
  __mmask16 channels_ = 0;
  const bool relu_, adds_;
  const uint32_t steps_;
};

// Tiles 0 to 3 are sums, which begin with the bias in every row: a stride of 0 repeats it. 4
// and 5 are pixels, 6 and 7 weights.

// The taps that channels from `channel` on read.
bool reads(const TileProduct& p, int64_t channel, int tap) {
  return !p.sheared || tap != (channel < p.out / 2 ? p.taps - 1 : 0);
}

// 2 x 16 pixels by 2 x 16 channels.
void multiply_2x2(const TileProduct& p, const PixelTile& first, const PixelTile& second,
                  int64_t channel, Finisher<Width::full>& previous) {
  const float* bias = p.bias + channel;
  _tile_loadd(0, bias, 0);
  _tile_loadd(1, bias + tile_channels, 0);
  _tile_loadd(2, bias, 0);
  _tile_loadd(3, bias + tile_channels, 0);
  const int64_t next = p.steps() * weight_tile, tap_weights = p.chunks * weight_tile;
  const bfloat16* weights = p.weights + channel / tile_channels * next;
  for (int t = 0; t < p.rows * p.taps; ++t, weights += tap_weights) {
    const int tap = t % p.taps;
    const bool low = reads(p, channel, tap), high = reads(p, channel + tile_channels, tap);
    const std::byte *a = first.taps[t], *b = second.taps[t];
    const bfloat16 *w = weights, *end = weights + tap_weights;
    if (low && high) {
      for (; w < end; a += 64, b += 64, w += weight_tile) {
        _tile_loadd(4, a, first.stride);
        _tile_loadd(6, w, 64);
        _tile_dpbf16ps(0, 4, 6);
        _tile_loadd(7, w + next, 64);
        _tile_dpbf16ps(1, 4, 7);
        _tile_loadd(5, b, second.stride);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
        previous.step();
      }
    } else if (low) {
      for (; w < end; a += 64, b += 64, w += weight_tile) {
        _tile_loadd(4, a, first.stride);
        _tile_loadd(6, w, 64);
        _tile_dpbf16ps(0, 4, 6);
        _tile_loadd(5, b, second.stride);
        _tile_dpbf16ps(2, 5, 6);
        previous.step();
      }
    } else if (high) {
      for (; w < end; a += 64, b += 64, w += weight_tile) {
        _tile_loadd(4, a, first.stride);
        _tile_loadd(7, w + next, 64);
        _tile_dpbf16ps(1, 4, 7);
        _tile_loadd(5, b, second.stride);
        _tile_dpbf16ps(3, 5, 7);
        previous.step();
      }
    }
  }
  store_sums(previous.free_sums());
}

// 4 x 16 pixels by 16 channels.
template <Width width>
void multiply_4x1(const TileProduct& p, const PixelTile* const* tiles, const bfloat16* weights,
                  const float* bias, Finisher<width>& previous) {
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
      _tile_loadd(4, tiles[2]->taps[t] + 64 * c, tiles[2]->stride);
      _tile_dpbf16ps(2, 4, 7);
      _tile_loadd(5, tiles[3]->taps[t] + 64 * c, tiles[3]->stride);
      _tile_dpbf16ps(3, 5, 7);
      weights += weight_tile;
      previous.step();
    }
  }
  store_sums(previous.free_sums());
}

// Channels first .. p.out - 1, 16 at a time.
template <Width width>
void multiply_by_16(const TileProduct& p, const PixelTile* tiles, int64_t count, int64_t first) {
  Finisher<width> finisher(p);
  for (int64_t channel = first; channel < p.out; channel += 16) {
    const bfloat16* weights = p.weights + channel / 16 * p.steps() * weight_tile;
    for (int64_t t = 0; t < count; t += 4) {
      const int64_t some = count - t < 4 ? count - t : 4;
      const PixelTile* four[4];
      for (int64_t i = 0; i < 4; ++i) four[i] = tiles + t + (i < some ? i : 0);
      multiply_4x1(p, four, weights, p.bias + channel, finisher);
      finisher.finish();
      finisher.begin(tiles + t, some, channel, p.out - channel < 16 ? p.out - channel : 16);
    }
  }
  finisher.finish();
}

}  // namespace

void configure_tiles(const TileProduct& p) {
  TileConfig config;
  for (int i = 0; i < 8; ++i) {
    config.rows[i] = 16;
    config.row_bytes[i] = 64;
  }
  for (int i = 4; i < 6; ++i) config.row_bytes[i] = static_cast<uint16_t>(2 * p.depth);
  for (int i = 6; i < 8; ++i) config.rows[i] = static_cast<uint8_t>(p.depth / 2);
  // gcc 12 takes the first eight bytes for all that is read.
  __asm__ volatile("" ::"r"(&config) : "memory");
  _tile_loadconfig(&config);
}

void release_tiles() {
  _tile_release();
}

void multiply_tiles(const TileProduct& p, const PixelTile* tiles, int64_t count) {
  int64_t channel = 0;
  if (p.out >= 32) {
    Finisher<Width::full> finisher(p);
    for (; channel + 32 <= p.out; channel += 32) {
      for (int64_t t = 0; t < count; t += 2) {
        const bool two = t + 1 < count;
        multiply_2x2(p, tiles[t], tiles[t + two], channel, finisher);
        finisher.finish();
        finisher.begin(tiles + t, 1 + two, channel, 32);
      }
    }
    finisher.finish();
  }
  if (channel == p.out) return;
  if (p.out == 16)
    multiply_by_16<Width::pair>(p, tiles, count, channel);
  else
    multiply_by_16<Width::part>(p, tiles, count, channel);
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
