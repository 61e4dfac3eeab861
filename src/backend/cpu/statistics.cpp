// Second moments and linear maps across channels, on the matrix units or as oneDNN primitives.

#include <algorithm>
#include <array>
#include <vector>

#include "backend/cpu/cpu.h"
#include "backend/cpu/dnnl_context.h"
#include "backend/cpu/dnnl_describe.h"
#include "backend/cpu/kernels.h"
#include "backend/cpu/sum_in_parts.h"
#include "backend/cpu/tile_moments.h"
#include "backend/cpu/tile_product.h"
#include "base/parallel.h"

namespace impasto {

namespace {

using Tag = dnnl::memory::format_tag;
using Memory = dnnl::memory;

enum MatrixOperator : int64_t { channel_mix_op = 100, products_op };

Memory::desc plain_bias(int64_t out) {
  return {{1, out}, Memory::data_type::f32, Tag::ab};
}

dnnl::matmul::primitive_desc channel_mix_desc(int64_t pixels, int64_t in, int64_t out, DType type,
                                              bool accumulate, const dnnl::engine& engine) {
  const Memory::desc src({pixels, in}, dnnl_type(type), Tag::ab);
  // Packing pays for bf16 only; of f32 it takes longer than the product.
  const Memory::desc matrix({in, out}, dnnl_type(type), type == DType::bf16 ? Tag::any : Tag::ab);
  const Memory::desc dst({pixels, out}, dnnl_type(type), Tag::ab);
  auto attributes = DnnlContext::attributes();
  if (accumulate) {
    dnnl::post_ops sum;
    sum.append_sum(1.0f);
    attributes.set_post_ops(sum);
  }
  return describe<dnnl::matmul>(engine, attributes, src, matrix, plain_bias(out), dst);
}

// Products of [runs, positions, c] with itself, run by run: f32 accumulators serve some thousands
// of positions well, and runs are what threads share.
CompiledPrimitive compile_products(int64_t runs, int64_t positions, int64_t c, DType type,
                                   const dnnl::engine& engine) {
  const auto t = dnnl_type(type);
  const Memory::desc transposed({runs, c, positions}, t, Memory::dims{positions * c, 1, c});
  const Memory::desc plain({runs, positions, c}, t, Memory::dims{positions * c, c, 1});
  const Memory::desc dst({runs, c, c}, Memory::data_type::f32, Memory::dims{c * c, c, 1});
  const auto p = describe<dnnl::matmul>(engine, DnnlContext::attributes(), transposed, plain, dst);
  return {dnnl::matmul(p), transposed, plain, {}, dst, p.scratchpad_desc()};
}

constexpr int64_t longest_run = 2048;

// Of a channel mix: where it would take more scratch memory, it goes by bands of pixels.
constexpr size_t most_scratch = size_t{1} << 20;
constexpr int64_t band_pixels = 1 << 14;

// Positions whose numbers, twice, stay in the second cache.
int64_t tile_run(int64_t c) {
  return std::clamp<int64_t>((1 << 18) / c / tile_depth * tile_depth, tile_depth, longest_run);
}

}  // namespace

void CpuBackend::second_moments_in_tiles(const Tensor& features, const Tensor& sums,
                                         const Tensor& products) {
  const int64_t n = features.shape().pixels(), c = features.shape().c(), run = tile_run(c);
  const int64_t parts = threads(), size = c + c * c;
  const auto* f = features.data<bfloat16>();
  const Tensor totals = dnnl_->room({parts, 2 * size});  // as long as doubles
  auto* total = static_cast<double*>(totals.raw());
  std::fill_n(total, parts * size, 0.0);
  dnnl_->make_workers();
  parallel_for(n, 4 * tile_depth, [&](int64_t begin, int64_t end) {
    DnnlContext::Worker& worker = dnnl_->worker();
    auto* room = reinterpret_cast<bfloat16*>(worker.room(0, 2 * c * run * 2));
    auto* moments = reinterpret_cast<float*>(worker.room(1, size * 4));
    double* into = total + thread_index() * size;
    configure_tiles(TileProduct{});
    for (int64_t i = begin; i < end; i += run) {
      tile_moments(f + i * c, std::min(run, end - i), c, room, moments, moments + c);
      for (int64_t k = 0; k < c; ++k) into[k] += static_cast<double>(moments[k]);
      for (int64_t k = 0; k < c; ++k) {
        for (int64_t l = k / 32 * 32; l < c; ++l) {
          into[c + k * c + l] += static_cast<double>(moments[c + k * c + l]);
        }
      }
    }
    release_tiles();
  });
  for (int64_t i = size; i < parts * size; ++i) total[i % size] += total[i];
  std::copy_n(total, c, sums.data<double>());
  for (int64_t i = 0; i < c; ++i) {
    for (int64_t j = i; j < c; ++j) {
      products.data<double>()[i * c + j] = products.data<double>()[j * c + i] =
          total[c + i * c + j];
    }
  }
}

void CpuBackend::second_moments(const Tensor& features, const Tensor& sums,
                                const Tensor& products) {
  if (features.dtype() == DType::f64 || sums.dtype() != DType::f64) {
    return ReferenceBackend::second_moments(features, sums, products);
  }
  if (features.dtype() == DType::bf16 && tile_moments_suit(features.shape().c()) &&
      tiles_available()) {
    return second_moments_in_tiles(features, sums, products);
  }
  const int64_t n = features.shape().pixels(), c = features.shape().c();
  const int64_t run = std::clamp<int64_t>(n / threads(), 1, longest_run);
  products.fill(0);
  for (int64_t first = 0; first < n;) {  // whole runs, then what is left
    const int64_t length = std::min(run, n - first), runs = (n - first) / length;
    const auto& p = dnnl_->compiled(
        {products_op, runs, length, c, static_cast<int64_t>(features.dtype())},
        [&] { return compile_products(runs, length, c, features.dtype(), dnnl_->engine()); });
    const Tensor part = features.slice(first * c, {runs, length, c});
    const Tensor results = dnnl_->room({runs, c, c});
    dnnl_->run(p, {{DNNL_ARG_SRC, dnnl_->wrap(p.src, part)},
                   {DNNL_ARG_WEIGHTS, dnnl_->wrap(p.weights, part)},
                   {DNNL_ARG_DST, dnnl_->wrap(p.dst, results)}});
    for (int64_t r = 0; r < runs; ++r) {
      const float* from = results.data<float>() + r * c * c;
      double* to = products.data<double>();
      for (int64_t i = 0; i < c * c; ++i) to[i] += static_cast<double>(from[i]);
    }
    first += runs * length;
  }
  sum_positions(features, sums);
}

void CpuBackend::sum_positions(const Tensor& features, const Tensor& sums) {
  const int64_t n = features.shape().pixels(), c = features.shape().c();
  const auto add = [&](auto tag) {
    using T = decltype(tag);
    const T* f = features.data<T>();
    sum_in_parts(n, n * c, sums, [&](int64_t begin, int64_t end, double* into) {
      kernels_.of<T>().sums(f + begin * c, end - begin, c, into);
    });
  };
  features.dtype() == DType::bf16 ? add(bfloat16{}) : add(float{});
}

// 16 channels: as a convolution of pairs of pixels, half of whose weights are 0.
void CpuBackend::channel_mix_in_tiles(const Tensor& src, const Tensor& matrix, const Tensor& bias,
                                      bool accumulate, const Tensor& dst) {
  constexpr int64_t in = tile_depth / 2, group = 2;
  const int64_t n = src.shape().pixels(), out = dst.shape().c();
  TileProduct p;
  p.rows = p.taps = 1;
  p.out = group * out;
  p.adds = accumulate;
  dnnl_->make_workers();
  DnnlContext::Worker& worker = dnnl_->worker();
  auto* weights = reinterpret_cast<bfloat16*>(worker.room(0, p.weight_count() * 2));
  auto* offsets = reinterpret_cast<float*>(worker.room(1, p.out * 4));
  std::fill_n(weights, p.weight_count(), bfloat16());
  for (int64_t g = 0; g < group; ++g) {
    for (int64_t o = 0; o < out; ++o) {
      offsets[g * out + o] = bias.data<float>()[o];
      for (int64_t i = 0; i < in; ++i) {
        weights[p.weight_at(g * out + o, 0, 0, g * in + i)] =
            bfloat16(matrix.data<float>()[i * out + o]);
      }
    }
  }
  p.weights = weights, p.bias = offsets;
  const int64_t pixels = group * tile_pixels;  // of a tile
  parallel_for((n + pixels - 1) / pixels, 16, [&](int64_t first, int64_t last) {
    std::array<PixelTile, 64> tiles;
    configure_tiles(p);
    const auto tile_at = [&](const bfloat16* from, bfloat16* to) {
      return PixelTile{{reinterpret_cast<const std::byte*>(from)}, group * in * 2, to, to};
    };
    for (int64_t t = first; t < last;) {
      const int64_t whole = std::min(last, n / pixels), count = std::min<int64_t>(64, whole - t);
      for (int64_t i = 0; i < count; ++i) {
        const int64_t at = (t + i) * pixels;
        tiles[static_cast<size_t>(i)] =
            tile_at(src.data<bfloat16>() + at * in, dst.data<bfloat16>() + at * out);
      }
      if (count > 0) {
        multiply_tiles(p, tiles.data(), count);
        t += count;
        continue;
      }
      // The last pixels do not fill a tile.
      const int64_t at = t++ * pixels;
      std::vector<bfloat16> from(static_cast<size_t>(pixels * in)),
          to(static_cast<size_t>(pixels * out));
      std::copy_n(src.data<bfloat16>() + at * in, (n - at) * in, from.begin());
      std::copy_n(dst.data<bfloat16>() + at * out, (n - at) * out, to.begin());
      tiles[0] = tile_at(from.data(), to.data());
      multiply_tiles(p, tiles.data(), 1);
      std::copy_n(to.begin(), (n - at) * out, dst.data<bfloat16>() + at * out);
    }
    release_tiles();
  });
}

void CpuBackend::channel_mix(const Tensor& src, const Tensor& matrix, const Tensor& bias,
                             bool accumulate, const Tensor& dst) {
  if (src.dtype() == DType::f64) {
    return ReferenceBackend::channel_mix(src, matrix, bias, accumulate, dst);
  }
  // Of more channels oneDNN is as fast.
  if (src.dtype() == DType::bf16 && src.shape().c() == 16 && dst.shape().c() % tile_channels == 0 &&
      tiles_available()) {
    return channel_mix_in_tiles(src, matrix, bias, accumulate, dst);
  }
  const int64_t pixels = src.shape().pixels(), in = src.shape().c(), out = dst.shape().c();
  const auto& engine = dnnl_->engine();
  const auto key = [&](int64_t n) {
    return PrimitiveKey{channel_mix_op, n, in, out, static_cast<int64_t>(src.dtype()), accumulate};
  };
  const auto desc = [&](int64_t n) {
    return channel_mix_desc(n, in, out, src.dtype(), accumulate, engine);
  };
  const auto tell = [&]() -> PrimitiveNeeds {
    return {0, desc(pixels).scratchpad_desc().get_size()};
  };
  // Without AVX-512 oneDNN takes memory for the whole result once more.
  const bool banded = dnnl_->needs(key(pixels), tell).scratch > most_scratch;
  const int64_t band = banded ? band_pixels : pixels;
  const Memory plain({{in, out}, Memory::data_type::f32, Tag::ab}, engine, matrix.raw());
  for (int64_t begin = 0; begin < pixels; begin += band) {
    const int64_t n = std::min(band, pixels - begin);
    const auto& p = dnnl_->compiled(key(n), [&]() -> CompiledPrimitive {
      const auto d = desc(n);
      return {dnnl::matmul(d), d.src_desc(), d.weights_desc(),
              plain_bias(out), d.dst_desc(), d.scratchpad_desc()};
    });
    const bool direct = p.weights == plain.get_desc();
    const Memory packed = direct ? plain : Memory(p.weights, engine);
    if (!direct) dnnl_->pack(plain, packed);
    const auto at = [&](const Tensor& t) {
      return static_cast<std::byte*>(t.raw()) +
             begin * t.shape().c() * static_cast<int64_t>(size_of(t.dtype()));
    };
    dnnl_->run(p, {{DNNL_ARG_SRC, dnnl_->wrap(p.src, at(src))},
                   {DNNL_ARG_WEIGHTS, packed},
                   {DNNL_ARG_BIAS, dnnl_->wrap(p.bias, bias)},
                   {DNNL_ARG_DST, dnnl_->wrap(p.dst, at(dst))}});
  }
}

}  // namespace impasto
