// Convolutions on oneDNN. Activations are NHWC; weights take whatever layout the primitive prefers,
// once, in prepare().

#include "backend/cpu/cpu.h"
#include "backend/cpu/dnnl_context.h"

namespace impasto {

namespace {

using Tag = dnnl::memory::format_tag;
using Memory = dnnl::memory;

enum Operator : int64_t { forward_op, backward_data_op, backward_weights_op };

struct PackedConv : PreparedConv {
  Memory forward, backward;
  Tensor bias;
  std::shared_ptr<const PreparedConv> reference;  // f64 only
};

PrimitiveKey key_of(Operator op, const Conv2dDesc& d) {
  return {op,
          d.src.n(),
          d.src.h(),
          d.src.w(),
          d.src.c(),
          d.out_channels,
          d.kernel,
          d.stride,
          d.padding,
          d.relu,
          static_cast<int64_t>(d.type)};
}

struct ConvLayouts {
  explicit ConvLayouts(const Conv2dDesc& d) {
    const auto type = dnnl_type(d.type);
    const Shape out = d.dst();
    src = {{d.src.n(), d.src.c(), d.src.h(), d.src.w()}, type, Tag::nhwc};
    dst = {{out.n(), out.c(), out.h(), out.w()}, type, Tag::nhwc};
    weights = {{out.c(), d.src.c(), d.kernel, d.kernel}, type, Tag::any};
    weight_gradient = {{out.c(), d.src.c(), d.kernel, d.kernel}, Memory::data_type::f32, Tag::any};
    bias = {{out.c()}, Memory::data_type::f32, Tag::a};
    strides = {d.stride, d.stride};
    padding = {d.padding, d.padding};
    // What strides leave over on the right belongs to the padding there.
    const auto right = [&](int64_t in, int64_t out_extent) {
      return (out_extent - 1) * d.stride + d.kernel - in - d.padding;
    };
    padding_right = {right(d.src.h(), out.h()), right(d.src.w(), out.w())};
  }
  Memory::desc src, dst, weights, weight_gradient, bias;
  Memory::dims strides, padding, padding_right;
};

dnnl::convolution_forward::primitive_desc forward_desc(const Conv2dDesc& d, const dnnl::engine& e) {
  const ConvLayouts l(d);
  auto attributes = DnnlContext::attributes();
  if (d.relu) {
    dnnl::post_ops relu;
    relu.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(relu);
  }
  return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, l.src, l.weights,
           l.bias, l.dst, l.strides, l.padding, l.padding_right},
          attributes,
          e};
}

CompiledPrimitive compile_forward(const Conv2dDesc& d, const dnnl::engine& e) {
  const auto p = forward_desc(d, e);
  return {dnnl::convolution_forward(p), p.src_desc(), p.weights_desc(), p.bias_desc(), p.dst_desc(),
          p.scratchpad_desc()};
}

CompiledPrimitive compile_backward_data(const Conv2dDesc& d, const dnnl::engine& e) {
  const ConvLayouts l(d);
  const dnnl::convolution_backward_data::primitive_desc p(
      {dnnl::algorithm::convolution_direct, l.src, l.weights, l.dst, l.strides, l.padding,
       l.padding_right},
      DnnlContext::attributes(), e, forward_desc(d, e));
  return {dnnl::convolution_backward_data(p),
          p.diff_src_desc(),
          p.weights_desc(),
          {},
          p.diff_dst_desc(),
          p.scratchpad_desc()};
}

CompiledPrimitive compile_backward_weights(const Conv2dDesc& d, const dnnl::engine& e) {
  const ConvLayouts l(d);
  const dnnl::convolution_backward_weights::primitive_desc p(
      {dnnl::algorithm::convolution_direct, l.src, l.weight_gradient, l.bias, l.dst, l.strides,
       l.padding, l.padding_right},
      DnnlContext::attributes(), e, forward_desc(d, e));
  return {dnnl::convolution_backward_weights(p),
          p.src_desc(),
          p.diff_weights_desc(),
          p.diff_bias_desc(),
          p.diff_dst_desc(),
          p.scratchpad_desc()};
}

Memory::desc plain_weights(const Conv2dDesc& d) {
  return {{d.out_channels, d.src.c(), d.kernel, d.kernel}, Memory::data_type::f32, Tag::oihw};
}

}  // namespace

std::shared_ptr<const PreparedConv> CpuBackend::prepare(const Conv2dDesc& d, const Tensor& weights,
                                                        const Tensor& bias, bool forward,
                                                        bool backward) {
  auto packed = std::make_shared<PackedConv>();
  if (d.type == DType::f64) {
    packed->reference = ReferenceBackend::prepare(d, weights, bias, forward, backward);
    return packed;
  }
  const auto& engine = dnnl_->engine();
  const Memory plain = dnnl_->wrap(plain_weights(d), weights);
  packed->bias = bias;
  if (forward) {
    const auto& p =
        dnnl_->compiled(key_of(forward_op, d), [&] { return compile_forward(d, engine); });
    packed->forward = Memory(p.weights, engine);
    dnnl_->reorder(plain, packed->forward);
  }
  if (backward) {
    const auto& p = dnnl_->compiled(key_of(backward_data_op, d),
                                    [&] { return compile_backward_data(d, engine); });
    packed->backward = Memory(p.weights, engine);
    dnnl_->reorder(plain, packed->backward);
  }
  return packed;
}

void CpuBackend::conv2d(const Conv2dDesc& d, const Tensor& src, const PreparedConv& prepared,
                        const Tensor& dst) {
  const auto& packed = static_cast<const PackedConv&>(prepared);
  if (packed.reference) return ReferenceBackend::conv2d(d, src, *packed.reference, dst);
  const auto& p =
      dnnl_->compiled(key_of(forward_op, d), [&] { return compile_forward(d, dnnl_->engine()); });
  dnnl_->run(p, {{DNNL_ARG_SRC, dnnl_->wrap(p.src, src)},
                 {DNNL_ARG_WEIGHTS, packed.forward},
                 {DNNL_ARG_BIAS, dnnl_->wrap(p.bias, packed.bias)},
                 {DNNL_ARG_DST, dnnl_->wrap(p.dst, dst)}});
}

void CpuBackend::conv2d_backward_data(const Conv2dDesc& d, const Tensor& ddst,
                                      const PreparedConv& prepared, const Tensor& dsrc) {
  const auto& packed = static_cast<const PackedConv&>(prepared);
  if (packed.reference) {
    return ReferenceBackend::conv2d_backward_data(d, ddst, *packed.reference, dsrc);
  }
  const auto& p = dnnl_->compiled(key_of(backward_data_op, d),
                                  [&] { return compile_backward_data(d, dnnl_->engine()); });
  dnnl_->run(p, {{DNNL_ARG_DIFF_DST, dnnl_->wrap(p.dst, ddst)},
                 {DNNL_ARG_WEIGHTS, packed.backward},
                 {DNNL_ARG_DIFF_SRC, dnnl_->wrap(p.src, dsrc)}});
}

void CpuBackend::conv2d_backward_weights(const Conv2dDesc& d, const Tensor& src, const Tensor& ddst,
                                         const Tensor& dweights, const Tensor& dbias) {
  // oneDNN 2.6 reads memory that it never wrote for one-pixel-wide pictures in bf16 with strides.
  const bool broken = d.type == DType::bf16 && d.src.w() == 1 && d.stride > 1;
  if (d.type == DType::f64 || broken) {
    return ReferenceBackend::conv2d_backward_weights(d, src, ddst, dweights, dbias);
  }
  const auto& p = dnnl_->compiled(key_of(backward_weights_op, d),
                                  [&] { return compile_backward_weights(d, dnnl_->engine()); });
  const auto plain = plain_weights(d);
  const bool direct = p.weights == plain;
  const Memory gradient =
      direct ? dnnl_->wrap(plain, dweights) : Memory(p.weights, dnnl_->engine());
  dnnl_->run(p, {{DNNL_ARG_SRC, dnnl_->wrap(p.src, src)},
                 {DNNL_ARG_DIFF_DST, dnnl_->wrap(p.dst, ddst)},
                 {DNNL_ARG_DIFF_WEIGHTS, gradient},
                 {DNNL_ARG_DIFF_BIAS, dnnl_->wrap(p.bias, dbias)}});
  if (!direct) dnnl_->reorder(gradient, dnnl_->wrap(plain, dweights));
}

}  // namespace impasto
