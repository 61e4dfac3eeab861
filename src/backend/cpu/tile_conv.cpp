#include "backend/cpu/tile_conv.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "backend/border.h"
#include "backend/cpu/dnnl_context.h"
#include "backend/cpu/kernels.h"
#include "base/parallel.h"

namespace impasto {

namespace {

constexpr int64_t value = sizeof(bfloat16);
constexpr int64_t widest = 256;     // channels; of more, oneDNN keeps weights nearer
constexpr int64_t strip_tiles = 8;  // at least, so that weights are worth fetching

int64_t aligned(int64_t bytes) {
  return (bytes + 63) / 64 * 64;
}

// Pixels that are made at once from sources of c channels; 0: none.
int64_t group_for(int64_t c) {
  if (4 * c <= tile_depth || 2 * c == tile_depth) return 2;
  return c % tile_depth == 0 && c <= widest ? 1 : 0;
}

}  // namespace

bool TileConv::suits(const Conv2dDesc& d, bool backward) {
  if (d.groups > 1) return false;  // tiles multiply whole pixels
  if (d.type != DType::bf16 || d.kernel != 3 || d.stride != 1 || d.padding != 1) return false;
  const int64_t group = group_for(backward ? d.out_channels : d.src.c());
  const int64_t w = d.src.w(), tile = group * tile_pixels;
  // A row of one pixel more than a tile has a pair at either edge that the other tile splits.
  const bool splits = group == 2 && w == tile + 1;
  return group > 0 && w >= tile && !splits && d.src.h() >= 2 && tiles_available();
}

template <class F>
TileConv::TileConv(const Shape& src, int64_t out, PadMode border, bool fold, F weight)
    : n_(src.n()),
      h_(src.h()),
      w_(src.w()),
      in_(src.c()),
      border_(fold ? PadMode::zero : border),
      group_(group_for(in_)),
      pixel_(in_ * value) {
  // Of few channels all that a pair reads in a row fits one product's depth; of 16 two pixels do;
  // of more a part of one.
  const bool few = 4 * in_ <= tile_depth;
  first_tap_ = few ? -1 : -group_;
  span_ = few ? group_ + 2 : group_;
  TileProduct& p = product_;
  p.rows = 3;
  p.taps = few ? 1 : 3;
  p.chunks = few ? 1 : group_ * in_ / tile_depth;
  p.depth = few ? span_ * in_ : tile_depth;
  p.out = group_ * out;
  p.sheared = p.taps == 3 && group_ == 2 && out % tile_channels == 0;
  gathered_stride_ = few ? 64 : group_ * pixel_;

  weights_ = Tensor::zeros({p.weight_count()}, DType::bf16);
  bias_ = Tensor::zeros({p.blocks() * tile_channels});
  p.weights = weights_.data<bfloat16>();
  p.bias = bias_.data<float>();
  for (int64_t pixel = 0; pixel < group_; ++pixel) {
    for (int64_t kh = 0; kh < 3; ++kh) {
      for (int tap = 0; tap < p.taps; ++tap) {
        for (int64_t j = 0; j < span_; ++j) {
          const int64_t kw = tap_begin(0, tap) + j - pixel + 1;
          if (kw < 0 || kw > 2) continue;
          for (int64_t o = 0; o < out; ++o) {
            for (int64_t i = 0; i < in_; ++i) {
              weights_.data<bfloat16>()[p.weight_at(pixel * out + o, kh, tap, j * in_ + i)] =
                  bfloat16(weight(o, i, kh, kw));
            }
          }
        }
      }
    }
  }

  if (fold) folds_ = {{1, 2, 0}, {w_ - 2, w_ - 3, w_ - 1}};
  const int64_t tile = group_ * tile_pixels;
  for (int64_t x = 0;; x += tile) {
    first_.push_back(std::min(x, w_ - tile));
    const Edge edge = edge_at(first_.back());
    if (edge.gathers != Edge{}.gathers) edges_.push_back(edge);
    if (first_.back() + tile == w_) break;
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
  conv->set_bias(bias.data<float>(), d.out_channels);
  conv->product_.relu = d.relu;
  return conv;
}

void TileConv::set_bias(const float* bias, int64_t out) {
  for (int64_t i = 0; i < group_; ++i) std::copy_n(bias, out, bias_.data<float>() + i * out);
}

std::shared_ptr<const TileConv> TileConv::modulated(const ModulatedConv2dDesc& d,
                                                    const Tensor& weights, const Tensor& bias) {
  auto conv = std::make_shared<TileConv>(*forward(d.conv, weights, bias));
  conv->residual_ = conv->product_.adds = d.residual;
  conv->kernel_sums_ = Tensor({d.conv.out_channels, d.conv.src.c()});
  const auto* w = weights.data<float>();
  for (int64_t i = 0; i < conv->kernel_sums_.size(); ++i, w += 9) {
    float& sum = conv->kernel_sums_.data<float>()[i];
    sum = 0;
    for (int k = 0; k < 9; ++k) sum += static_cast<float>(bfloat16(w[k]));
  }
  return conv;
}

TileConv TileConv::with(const Kernels& kernels, const Tensor& scale, const Tensor& shift) const {
  TileConv conv = *this;
  TileProduct& p = conv.product_;
  // One chunk's weights after the other's, and the scales of all chunks' numbers beside them.
  constexpr int64_t chunk = tile_depth * tile_channels;
  std::vector<float> scales(static_cast<size_t>(p.chunks * chunk)), none(chunk);
  for (int64_t at = 0; at < p.chunks * tile_depth; ++at) {
    for (int64_t o = 0; o < tile_channels; ++o) {
      scales[static_cast<size_t>(p.weight_at(o, 0, 0, at))] = scale.data<float>()[at % in_];
    }
  }
  conv.weights_ = Tensor(weights_.shape(), DType::bf16);
  p.weights = conv.weights_.data<bfloat16>();
  for (int64_t i = 0; i < weights_.size(); i += chunk) {
    kernels.bf16.affine(weights_.data<bfloat16>() + i, &scales[i % scales.size()], none.data(),
                        conv.weights_.data<bfloat16>() + i, 1, chunk);
  }
  std::vector<float> bias;
  const float* sums = kernel_sums_.data<float>();
  for (int64_t o = 0; o < kernel_sums_.shape()[0]; ++o) {
    float& b = bias.emplace_back(bias_.data<float>()[o]);
    for (int64_t i = 0; i < in_; ++i) b += *sums++ * shift.data<float>()[i];
  }
  conv.bias_ = bias_.clone();
  p.bias = conv.bias_.data<float>();
  conv.set_bias(bias.data(), std::ssize(bias));
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

// Where in the gathered tap of the tile at x the pixel lies that receives the fold, in bytes; -1:
// not there.
int64_t TileConv::place_of(const Fold& fold, int64_t x, int tap) const {
  const int64_t group = (fold.reader - x) / group_;
  if (fold.reader < x || group >= tile_pixels) return -1;
  const int64_t pixel = fold.read - tap_begin(x + group * group_, tap);
  return pixel < 0 || pixel >= span_ ? -1 : group * gathered_stride_ + pixel * pixel_;
}

// What of a tile cannot be read in its row: a tap that leaves it, or in which something is folded.
TileConv::Edge TileConv::edge_at(int64_t x) const {
  const int64_t bytes = product_.taps == 1 ? product_.depth * value : group_ * pixel_;
  Edge edge{x, {}};
  for (int tap = 0; tap < product_.taps; ++tap) {
    const int64_t last = tap_begin(x + (tile_pixels - 1) * group_, tap);
    bool& gathers = edge.gathers[static_cast<size_t>(tap)];
    gathers = tap_begin(x, tap) < 0 || last * pixel_ + bytes > w_ * pixel_;
    for (const Fold& fold : folds_) gathers = gathers || place_of(fold, x, tap) >= 0;
  }
  return edge;
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
    const int64_t out_pixel = conv_.product_.out / conv_.group_;
    const int taps = conv_.product_.taps;
    result.clear();
    for (int64_t y = begin; y < end; ++y) {
      const Slot* rows[3] = {&source(y, 0), &source(y, 1), &source(y, 2)};
      int64_t edge = 0;
      for (const int64_t x : conv_.first_) {
        const bool gathered = edge < std::ssize(conv_.edges_) && conv_.edges_[edge].x == x;
        PixelTile& tile = result.emplace_back();
        tile.stride = gathered ? conv_.gathered_stride_ : conv_.group_ * conv_.pixel_;
        tile.dst = dst + (y * conv_.w_ + x) * out_pixel;
        if (conv_.residual_) tile.added = rows[1]->pixels + x * out_pixel;
        const std::byte** to = tile.taps;
        for (const Slot* row : rows) {
          const auto* pixels = reinterpret_cast<const std::byte*>(row->pixels);
          for (int tap = 0; tap < taps; ++tap) {
            *to++ = gathered && conv_.edges_[edge].gathers[tap]
                        ? row->edges + (edge * taps + tap) * tap_bytes_
                        : pixels + conv_.tap_begin(x, tap) * conv_.pixel_;
          }
        }
        edge += gathered;
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
    const bool folds = !conv_.folds_.empty();
    if (folds && y == 1 && kh == 2) return make(slots_[slots_.size() - 1], row, 0);
    if (folds && y == h - 2 && kh == 0) return make(slots_[slots_.size() - 2], row, h - 1);
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
    const int64_t group = conv_.group_;
    std::byte* to = slot.edges;
    for (const auto& [x, gathers] : conv_.edges_) {
      for (int tap = 0; tap < conv_.product_.taps; ++tap, to += tap_bytes_) {
        if (!gathers[static_cast<size_t>(tap)]) continue;
        // Mostly one group's pixels end where the next one's begin.
        const int64_t at_once = conv_.span_ == group ? tile_pixels : 1;
        for (int64_t i = 0; i < tile_pixels; i += at_once) {
          copy(slot, conv_.tap_begin(x + i * group, tap), at_once * conv_.span_,
               reinterpret_cast<bfloat16*>(to + i * conv_.gathered_stride_));
        }
        for (const Fold& fold : conv_.folds_) {
          const int64_t place = conv_.place_of(fold, x, tap);
          if (place < 0) continue;
          kernels_.accumulate(slot.pixels + fold.from * conv_.in_, 1.0f,
                              reinterpret_cast<bfloat16*>(to + place), conv_.in_);
        }
      }
    }
  }

  // `count` pixels from column x on, which may lie beyond the frame.
  void copy(const Slot& slot, int64_t x, int64_t count, bfloat16* to) {
    const int64_t c = conv_.in_, inside = std::max<int64_t>(0, x),
                  end = std::min(x + count, conv_.w_);
    std::copy_n(slot.pixels + inside * c, (end - inside) * c, to + (inside - x) * c);
    for (int64_t i = 0; i < count; ++i) {
      if (x + i >= 0 && x + i < conv_.w_) continue;
      const int64_t from = border_index(x + i, conv_.w_, conv_.border_);
      if (from < 0)
        std::fill_n(to + i * c, c, bfloat16());
      else
        std::copy_n(slot.pixels + from * c, c, to + i * c);
    }
  }

  const TileConv& conv_;
  const TypedKernels<bfloat16>& kernels_;
  const bfloat16 *src_, *gate_;
  int64_t row_, tap_bytes_;
  std::vector<Slot> slots_;  // rows in turn, then two that have another one added to them
  std::vector<bfloat16> sum_;
};

Footprint TileConv::footprint(const Conv2dDesc& d, bool backward) {
  const int64_t in = backward ? d.out_channels : d.src.c(), width = d.src.w();
  const int64_t tiles = std::max<int64_t>(1, width / (2 * tile_pixels));  // in pairs of pixels
  const int64_t rows = std::max<int64_t>(2, (strip_tiles + tiles - 1) / tiles) + 4;
  constexpr int64_t gathered = 16;  // pixels at the edges of a row, by each of three taps
  const int64_t row = (width + 3 * gathered) * in * value;
  return {static_cast<size_t>(d.weights().size()) * sizeof(bfloat16),
          {0, 0, static_cast<size_t>(threads() * rows * row), 0}};
}

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
      bfloat16* to = dst.data<bfloat16>() + top * w_ * (product_.out / group_);
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
