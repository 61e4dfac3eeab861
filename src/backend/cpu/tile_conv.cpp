#include "backend/cpu/tile_conv.h"

#include <algorithm>
#include <cstring>

#include "backend/border.h"
#include "backend/cpu/dnnl_context.h"
#include "backend/cpu/kernels.h"
#include "base/parallel.h"

namespace impasto {

namespace {

constexpr int64_t value = sizeof(bfloat16);
constexpr int64_t strip_tiles = 8;  // at least, so that weights are worth fetching

int64_t aligned(int64_t bytes) {
  return (bytes + 63) / 64 * 64;
}

bool channels_fit(int64_t c) {
  return 3 * c <= tile_depth || c == 16 || c % tile_depth == 0;
}

}  // namespace

bool TileConv::suits(const Conv2dDesc& d, bool backward) {
  return d.type == DType::bf16 && d.kernel == 3 && d.stride == 1 && d.padding == 1 &&
         d.src.w() >= tile_pixels && d.src.h() >= 2 &&
         channels_fit(backward ? d.out_channels : d.src.c()) && tiles_available();
}

template <class F>
TileConv::TileConv(const Shape& src, int64_t out, PadMode border, bool fold, F weight)
    : n_(src.n()),
      h_(src.h()),
      w_(src.w()),
      in_(src.c()),
      border_(fold ? PadMode::zero : border),
      fold_(fold),
      pixel_(in_ * value) {
  TileProduct& p = product_;
  p.rows = 3;
  p.out = out;
  // A product's depth of 32 holds three neighbours of few channels, two of 16, or part of one.
  span_ = 3 * in_ <= tile_depth ? 3 : in_ == 16 ? 2 : 1;
  p.taps = 4 - span_;
  p.chunks = span_ == 1 ? in_ / tile_depth : 1;
  p.depth = span_ == 3 ? (3 * in_ + 1) / 2 * 2 : tile_depth;
  gathered_stride_ = span_ == 1 ? pixel_ : 64;

  const int64_t blocks = (out + tile_channels - 1) / tile_channels;
  weights_ = Tensor::zeros({blocks, p.steps(), tile_depth, tile_channels}, DType::bf16);
  bias_ = Tensor::zeros({blocks * tile_channels});
  for (int64_t o = 0; o < out; ++o) {
    for (int64_t kh = 0; kh < 3; ++kh) {
      for (int64_t kw = 0; kw < 3; ++kw) {
        for (int64_t i = 0; i < in_; ++i) {
          const int64_t tap = std::min<int64_t>(kw, p.taps - 1);
          const int64_t at = (kw - tap) * in_ + i, chunk = at / tile_depth, k = at % tile_depth;
          const int64_t tile =
              ((o / tile_channels * 3 + kh) * p.taps + tap) * p.chunks + chunk;
          const int64_t place =
              (tile * tile_depth / 2 + k / 2) * 2 * tile_channels + o % tile_channels * 2 + k % 2;
          weights_.data<bfloat16>()[place] = bfloat16(weight(o, i, kh, kw));
        }
      }
    }
  }

  p.weights = weights_.data<bfloat16>();
  p.bias = bias_.data<float>();
  for (int64_t x = 0;; x += tile_pixels) {
    first_.push_back(std::min(x, w_ - tile_pixels));
    if (!reads_inside(first_.back())) edges_.push_back(first_.back());
    if (first_.back() + tile_pixels == w_) break;
  }
}

std::shared_ptr<const TileConv> TileConv::forward(const Conv2dDesc& d, const Tensor& weights,
                                                  const Tensor& bias) {
  const auto* w = weights.data<float>();
  const int64_t c = d.src.c();
  const auto weight = [=](int64_t o, int64_t i, int64_t kh, int64_t kw) {
    return w[((o * c + i) * 3 + kh) * 3 + kw];
  };
  std::shared_ptr<TileConv> conv(new TileConv(d.src, d.out_channels, d.border, false, weight));
  std::copy_n(bias.data<float>(), d.out_channels, conv->bias_.data<float>());
  conv->product_.relu = d.relu;
  return conv;
}

std::shared_ptr<const TileConv> TileConv::backward(const Conv2dDesc& d, const Tensor& weights) {
  const auto* w = weights.data<float>();
  const int64_t c = d.src.c();
  const auto weight = [=](int64_t i, int64_t o, int64_t kh, int64_t kw) {
    return w[((o * c + i) * 3 + 2 - kh) * 3 + 2 - kw];
  };
  return std::shared_ptr<TileConv>(
      new TileConv(d.dst(), c, d.border, d.border == PadMode::reflect, weight));
}

// Whether all that the tile at x reads lies in its row, and none of it needs folding.
bool TileConv::reads_inside(int64_t x) const {
  const int64_t last = (x - 1 + tile_pixels - 1) * pixel_ + (product_.taps - 1) * pixel_ +
                       (span_ == 1 ? pixel_ : product_.depth * value);
  return x > 0 && last <= w_ * pixel_ && (!fold_ || (x > 1 && x + tile_pixels < w_ - 1));
}

// The source's columns, -1 for none, whose sum is read for output column x.
std::array<int64_t, 2> TileConv::columns(int64_t x, int64_t kernel_column) const {
  const int64_t second = !fold_                             ? -1
                         : x == 1 && kernel_column == 2      ? 0
                         : x == w_ - 2 && kernel_column == 0 ? w_ - 1
                                                             : -1;
  return {border_index(x - 1 + kernel_column, w_, border_), second};
}

// Rows of the source as tiles read them: gated where asked for, with the gathered tiles of the
// edges. Each is made once and kept for as long as it is a neighbour.
class TileConv::Strip {
 public:
  Strip(const TileConv& conv, const Kernels& kernels, const bfloat16* src, const bfloat16* gate,
        int64_t rows, DnnlContext::Worker& worker)
      : conv_(conv),
        kernels_(kernels.bf16),
        src_(src),
        gate_(gate),
        row_(conv.w_ * conv.in_),
        tap_bytes_(aligned(conv.gathered_stride_ * tile_pixels)),
        slots_(static_cast<size_t>(rows) + 4) {
    const int64_t edges = tap_bytes_ * conv.product_.taps * std::ssize(conv.edges_);
    const int64_t bytes = aligned(row_ * value) + edges;
    std::byte* room = worker.room(0, bytes * std::ssize(slots_));
    for (Slot& slot : slots_) {
      slot.copy = reinterpret_cast<bfloat16*>(room);
      slot.edges = room + aligned(row_ * value);
      room += bytes;
    }
  }

  // The pixels of the output's rows begin .. end - 1, in tiles.
  void tiles(int64_t begin, int64_t end, bfloat16* dst, std::vector<PixelTile>& result) {
    result.clear();
    for (int64_t y = begin; y < end; ++y) {
      const Slot* rows[3];
      for (int64_t kh = 0; kh < 3; ++kh) rows[kh] = &source(y, kh);
      int64_t edge = 0;
      for (const int64_t x : conv_.first_) {
        const bool gathered = edge < std::ssize(conv_.edges_) && conv_.edges_[edge] == x;
        PixelTile tile;
        tile.stride = gathered ? conv_.gathered_stride_ : conv_.pixel_;
        tile.dst = dst + (y * conv_.w_ + x) * conv_.product_.out;
        for (int i = 0; i < 3 * conv_.product_.taps; ++i) {
          const int tap = i % conv_.product_.taps;
          const Slot& row = *rows[i / conv_.product_.taps];
          tile.taps[i] = gathered && conv_.gathers(tap)
                             ? row.edges + (edge * conv_.product_.taps + tap) * tap_bytes_
                             : reinterpret_cast<const std::byte*>(row.pixels) +
                                   (x - 1 + tap) * conv_.pixel_;
        }
        edge += gathered;
        result.push_back(tile);
      }
    }
  }

 private:
  struct Slot {
    int64_t row = -2;  // of the source, -1 and h being the border
    const bfloat16* pixels = nullptr;
    bfloat16* copy = nullptr;
    std::byte* edges = nullptr;
  };

  const Slot& source(int64_t y, int64_t kh) {
    const int64_t h = conv_.h_, row = y - 1 + kh;
    if (conv_.fold_ && y == 1 && kh == 2) return make(slots_[slots_.size() - 1], row, 0);
    if (conv_.fold_ && y == h - 2 && kh == 0) return make(slots_[slots_.size() - 2], row, h - 1);
    Slot& slot = slots_[static_cast<size_t>((row + 1) % (std::ssize(slots_) - 2))];
    return slot.row == row ? slot : make(slot, row, -1);
  }

  // The source's row, `added` (-1 for none) to it.
  const Slot& make(Slot& slot, int64_t row, int64_t added) {
    slot.row = row;
    const int64_t from = border_index(row, conv_.h_, conv_.border_);
    if (from >= 0 && !gate_ && added < 0) {
      slot.pixels = src_ + from * row_;
    } else {
      slot.pixels = slot.copy;
      if (from < 0)
        std::memset(static_cast<void*>(slot.copy), 0, static_cast<size_t>(row_ * value));
      else if (gate_)
        kernels_.relu_backward(gate_ + from * row_, src_ + from * row_, slot.copy, row_);
      else
        std::copy_n(src_ + from * row_, row_, slot.copy);
    }
    if (added >= 0) add(added, slot.copy);
    gather(slot);
    return slot;
  }

  void add(int64_t row, bfloat16* to) {
    if (!gate_) return kernels_.accumulate(src_ + row * row_, 1.0f, to, row_);
    sum_.resize(static_cast<size_t>(row_));
    kernels_.relu_backward(gate_ + row * row_, src_ + row * row_, sum_.data(), row_);
    kernels_.accumulate(sum_.data(), 1.0f, to, row_);
  }

  void gather(const Slot& slot) {
    std::byte* to = slot.edges;
    for (const int64_t x : conv_.edges_) {
      for (int tap = 0; tap < conv_.product_.taps; ++tap, to += tap_bytes_) {
        if (!conv_.gathers(tap)) continue;
        for (int64_t i = 0; i < tile_pixels; ++i) {
          auto* pixels = reinterpret_cast<bfloat16*>(to + i * conv_.gathered_stride_);
          for (int j = 0; j < conv_.span_; ++j, pixels += conv_.in_) {
            put(slot, conv_.columns(x + i, tap + j), pixels);
          }
          if (conv_.span_ == 3) *pixels = bfloat16();  // an odd number is made even
        }
      }
    }
  }

  void put(const Slot& slot, const std::array<int64_t, 2>& columns, bfloat16* to) {
    const int64_t c = conv_.in_;
    if (columns[0] < 0)
      std::fill_n(to, c, bfloat16());
    else
      std::copy_n(slot.pixels + columns[0] * c, c, to);
    if (columns[1] >= 0) kernels_.accumulate(slot.pixels + columns[1] * c, 1.0f, to, c);
  }

  const TileConv& conv_;
  const TypedKernels<bfloat16>& kernels_;
  const bfloat16 *src_, *gate_;
  int64_t row_, tap_bytes_;
  std::vector<Slot> slots_;  // rows in turn, then two that have another one added to them
  std::vector<bfloat16> sum_;
};

void TileConv::run(const Kernels& kernels, DnnlContext& context, const Tensor& src,
                   const Tensor* gate, const Tensor& dst) const {
  const int64_t rows =
      std::max<int64_t>(2, (strip_tiles + std::ssize(first_) - 1) / std::ssize(first_));
  context.make_workers();
  parallel_for(n_ * h_, 1, [&](int64_t first, int64_t last) {
    configure_tiles(product_);
    std::vector<PixelTile> tiles;
    while (first < last) {
      const int64_t picture = first / h_, top = picture * h_;
      const int64_t begin = first - top, end = std::min(last - top, h_);
      const auto at = [&](const Tensor& t) { return t.data<bfloat16>() + top * w_ * in_; };
      Strip strip(*this, kernels, at(src), gate ? at(*gate) : nullptr, rows, context.worker());
      bfloat16* to = dst.data<bfloat16>() + top * w_ * product_.out;
      for (int64_t y = begin; y < end; y += rows) {
        strip.tiles(y, std::min(y + rows, end), to, tiles);
        multiply_tiles(product_, tiles.data(), std::ssize(tiles));
      }
      first = top + end;
    }
    release_tiles();
  });
}

}  // namespace impasto
