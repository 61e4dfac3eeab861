// Second moments and linear maps across channels, as oneDNN primitives.

#include "backend/cpu/cpu.h"
#include "backend/cpu/dnnl_context.h"

namespace impasto {

namespace {

using Tag = dnnl::memory::format_tag;
using Memory = dnnl::memory;

enum Operator : int64_t { channel_mix_op = 100 };

CompiledPrimitive compile_channel_mix(int64_t pixels, int64_t in, int64_t out, DType type,
                                      bool accumulate, const dnnl::engine& engine) {
  const Memory::desc src({pixels, in}, dnnl_type(type), Tag::ab);
  const Memory::desc matrix({in, out}, dnnl_type(type), Tag::any);
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

}  // namespace

// The weight gradient of a 1x1 convolution whose input and output gradient are both the features
// is their matrix of products, and its bias gradient their sum.
void CpuBackend::second_moments(const Tensor& features, const Tensor& sums,
                                const Tensor& products) {
  if (features.dtype() == DType::f64 || sums.dtype() != DType::f32) {
    return ReferenceBackend::second_moments(features, sums, products);
  }
  Conv2dDesc d;
  d.src = features.shape();
  d.out_channels = static_cast<int>(features.shape().c());
  d.kernel = 1;
  d.type = features.dtype();
  conv2d_backward_weights(d, features, features, products, sums);
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
  const Memory packed(p.weights, engine);
  dnnl_->reorder(Memory({{in, out}, Memory::data_type::f32, Tag::ab}, engine, matrix.raw()),
                 packed);
  dnnl_->run(p, {{DNNL_ARG_SRC, dnnl_->wrap(p.src, src)},
                 {DNNL_ARG_WEIGHTS, packed},
                 {DNNL_ARG_BIAS, dnnl_->wrap(p.bias, bias)},
                 {DNNL_ARG_DST, dnnl_->wrap(p.dst, dst)}});
}

}  // namespace impasto
