// Second moments and linear maps across channels, as oneDNN primitives.

#include <algorithm>
#include <vector>

#include "backend/cpu/cpu.h"
#include "backend/cpu/dnnl_context.h"
#include "backend/cpu/kernels.h"
#include "backend/cpu/sum_in_parts.h"
#include "base/parallel.h"

namespace impasto {

namespace {

using Tag = dnnl::memory::format_tag;
using Memory = dnnl::memory;

enum Operator : int64_t { channel_mix_op = 100, products_op };

CompiledPrimitive compile_channel_mix(int64_t pixels, int64_t in, int64_t out, DType type,
                                      bool accumulate, const dnnl::engine& engine) {
  const Memory::desc src({pixels, in}, dnnl_type(type), Tag::ab);
  // Packing pays for bf16 only; of f32 it takes longer than the product.
  const Memory::desc matrix({in, out}, dnnl_type(type), type == DType::bf16 ? Tag::any : Tag::ab);
  const Memory::desc bias({1, out}, Memory::data_type::f32, Tag::ab);
  const Memory::desc dst({pixels, out}, dnnl_type(type), Tag::ab);
  auto attributes = DnnlContext::attributes();
  if (accumulate) {
    dnnl::post_ops sum;
    sum.append_sum(1.0f);
    attributes.set_post_ops(sum);
  }
  const dnnl::matmul::primitive_desc p({src, matrix, bias, dst}, attributes, engine);
  return {dnnl::matmul(p), p.src_desc(), p.weights_desc(), bias, p.dst_desc(), p.scratchpad_desc()};
}

// Products of [runs, positions, c] with itself, run by run: f32 accumulators serve some thousands
// of positions well, and runs are what threads share.
CompiledPrimitive compile_products(int64_t runs, int64_t positions, int64_t c, DType type,
                                   const dnnl::engine& engine) {
  const auto t = dnnl_type(type);
  const Memory::desc transposed({runs, c, positions}, t, Memory::dims{positions * c, 1, c});
  const Memory::desc plain({runs, positions, c}, t, Memory::dims{positions * c, c, 1});
  const Memory::desc dst({runs, c, c}, Memory::data_type::f32, Memory::dims{c * c, c, 1});
  const dnnl::matmul::primitive_desc p({transposed, plain, dst}, DnnlContext::attributes(), engine);
  return {dnnl::matmul(p), transposed, plain, {}, dst, p.scratchpad_desc()};
}

constexpr int64_t longest_run = 2048;

}  // namespace

void CpuBackend::second_moments(const Tensor& features, const Tensor& sums,
                                const Tensor& products) {
  if (features.dtype() == DType::f64 || sums.dtype() != DType::f64) {
    return ReferenceBackend::second_moments(features, sums, products);
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
  const auto add = [&](auto tag) {
    using T = decltype(tag);
    const T* f = features.data<T>();
    sum_in_parts(n, n * c, sums, [&](int64_t begin, int64_t end, double* into) {
      kernels_.of<T>().sums(f + begin * c, end - begin, c, into);
    });
  };
  features.dtype() == DType::bf16 ? add(bfloat16{}) : add(float{});
}

void CpuBackend::channel_mix(const Tensor& src, const Tensor& matrix, const Tensor& bias,
                             bool accumulate, const Tensor& dst) {
  if (src.dtype() == DType::f64) {
    return ReferenceBackend::channel_mix(src, matrix, bias, accumulate, dst);
  }
  const int64_t pixels = src.shape().pixels(), in = src.shape().c(), out = dst.shape().c();
  const auto& engine = dnnl_->engine();
  const auto& p = dnnl_->compiled(
      {channel_mix_op, pixels, in, out, static_cast<int64_t>(src.dtype()), accumulate},
      [&] { return compile_channel_mix(pixels, in, out, src.dtype(), accumulate, engine); });
  const Memory plain({{in, out}, Memory::data_type::f32, Tag::ab}, engine, matrix.raw());
  const bool direct = p.weights == plain.get_desc();
  const Memory packed = direct ? plain : Memory(p.weights, engine);
  if (!direct) dnnl_->reorder(plain, packed);
  dnnl_->run(p, {{DNNL_ARG_SRC, dnnl_->wrap(p.src, src)},
                 {DNNL_ARG_WEIGHTS, packed},
                 {DNNL_ARG_BIAS, dnnl_->wrap(p.bias, bias)},
                 {DNNL_ARG_DST, dnnl_->wrap(p.dst, dst)}});
}

}  // namespace impasto
