#include "backend/cpu/conv_primitives.h"

#include "backend/cpu/dnnl_describe.h"
#include "base/parallel.h"

namespace impasto {

namespace {

using Tag = dnnl::memory::format_tag;
using Memory = dnnl::memory;

enum ConvOperator : int64_t { forward_op, backward_data_op, backward_weights_op };

PrimitiveKey key_of(ConvOperator op, const PlainConv2d& d) {
  return {op,       d.n,      d.h,     d.w,     d.c,    d.out,    d.kernel,
          d.stride, d.groups, d.pad_h, d.pad_w, d.relu, d.banded, static_cast<int64_t>(d.type)};
}

struct Layouts {
  explicit Layouts(const PlainConv2d& d) {
    const auto type = dnnl_type(d.type);
    src = {{d.n, d.c, d.h, d.w}, type, Tag::nhwc};
    dst = {{d.n, d.out, d.out_h(), d.out_w()}, type, Tag::nhwc};
    weights = {d.weights(), type, Tag::any};
    weight_gradient = {d.weights(), Memory::data_type::f32, Tag::any};
    bias = {{d.out}, Memory::data_type::f32, Tag::a};
    strides = {d.stride, d.stride};
    padding = {d.pad_h, d.pad_w};
    // What strides leave over on the right belongs to the padding there.
    const auto right = [&](int64_t in, int64_t out_extent, int64_t pad) {
      return (out_extent - 1) * d.stride + d.kernel - in - pad;
    };
    padding_right = {right(d.h, d.out_h(), d.pad_h), right(d.w, d.out_w(), d.pad_w)};
  }
  Memory::desc src, dst, weights, weight_gradient, bias;
  Memory::dims strides, padding, padding_right;
};

dnnl::convolution_forward::primitive_desc forward_desc(const PlainConv2d& d,
                                                       const dnnl::engine& e) {
  const Layouts l(d);
  auto attributes = DnnlContext::attributes();
  if (d.relu) attributes.set_post_ops(then_relu());
  return describe<dnnl::convolution_forward>(e, attributes, dnnl::prop_kind::forward_training,
                                             dnnl::algorithm::convolution_direct, l.src, l.weights,
                                             l.bias, l.dst, l.strides, l.padding, l.padding_right);
}

dnnl::convolution_backward_data::primitive_desc backward_data_desc(const PlainConv2d& d,
                                                                   const dnnl::engine& e) {
  const Layouts l(d);
  return describe_backward<dnnl::convolution_backward_data>(
      e, DnnlContext::attributes(), forward_desc(d, e), dnnl::algorithm::convolution_direct, l.src,
      l.weights, l.dst, l.strides, l.padding, l.padding_right);
}

// Describing is quick where compiling is not, but a plan asks for hundreds of sizes: bands that are
// a little larger answer for all that are a little smaller.
PlainConv2d rounded_up(PlainConv2d d) {
  const auto up = [](int64_t v, int64_t step) { return (v + step - 1) / step * step; };
  if (d.banded) d.h = up(d.h, 16), d.w = up(d.w, 128);
  return d;
}

template <class Describe>
PrimitiveNeeds needs(DnnlContext& context, ConvOperator op, const PlainConv2d& exact,
                     Describe describe) {
  const PlainConv2d d = rounded_up(exact);
  return context.needs(key_of(op, d), [&]() -> PrimitiveNeeds {
    const auto told = [&]() -> PrimitiveNeeds {
      const auto p = describe(d, context.engine());
      return {p.weights_desc().get_size(), p.scratchpad_desc().get_size()};
    };
    if (!d.banded) return told();
    const SingleThreaded alone;
    return told();
  });
}

// oneDNN decides about threads when it compiles.
template <class F>
const CompiledPrimitive& compiled(DnnlContext& context, ConvOperator op, const PlainConv2d& d,
                                  F&& compile) {
  return context.compiled(key_of(op, d), [&]() -> CompiledPrimitive {
    if (!d.banded) return compile();
    const SingleThreaded alone;
    return compile();
  });
}

}  // namespace

PlainConv2d::PlainConv2d(const Conv2dDesc& d)
    : n(d.src.n()),
      h(d.src.h()),
      w(d.src.w()),
      c(d.src.c()),
      out(d.out_channels),
      kernel(d.kernel),
      stride(d.stride),
      groups(d.groups),
      pad_h(d.padding),
      pad_w(d.padding),
      relu(d.relu),
      type(d.type) {}

Memory::dims PlainConv2d::weights() const {
  if (groups == 1) return {out, c, kernel, kernel};
  return {groups, out / groups, c / groups, kernel, kernel};
}

Memory::desc PlainConv2d::plain_weights() const {
  return {weights(), Memory::data_type::f32, groups == 1 ? Tag::oihw : Tag::goihw};
}

PrimitiveNeeds needs_of_forward(DnnlContext& context, const PlainConv2d& d) {
  return needs(context, forward_op, d, forward_desc);
}

PrimitiveNeeds needs_of_backward_data(DnnlContext& context, const PlainConv2d& d) {
  return needs(context, backward_data_op, d, backward_data_desc);
}

const CompiledPrimitive& conv_forward(DnnlContext& context, PlainConv2d d) {
  return compiled(context, forward_op, d, [&]() -> CompiledPrimitive {
    const auto p = forward_desc(d, context.engine());
    return {
        dnnl::convolution_forward(p), p.src_desc(), p.weights_desc(), p.bias_desc(), p.dst_desc(),
        p.scratchpad_desc()};
  });
}

const CompiledPrimitive& conv_backward_data(DnnlContext& context, PlainConv2d d) {
  return compiled(context, backward_data_op, d, [&]() -> CompiledPrimitive {
    const auto p = backward_data_desc(d, context.engine());
    return {dnnl::convolution_backward_data(p),
            p.diff_src_desc(),
            p.weights_desc(),
            {},
            p.diff_dst_desc(),
            p.scratchpad_desc()};
  });
}

const CompiledPrimitive& conv_backward_weights(DnnlContext& context, PlainConv2d d) {
  return compiled(context, backward_weights_op, d, [&]() -> CompiledPrimitive {
    const Layouts l(d);
    const auto p = describe_backward<dnnl::convolution_backward_weights>(
        context.engine(), DnnlContext::attributes(), forward_desc(d, context.engine()),
        dnnl::algorithm::convolution_direct, l.src, l.weight_gradient, l.bias, l.dst, l.strides,
        l.padding, l.padding_right);
    return {dnnl::convolution_backward_weights(p),
            p.src_desc(),
            p.diff_weights_desc(),
            p.diff_bias_desc(),
            p.diff_dst_desc(),
            p.scratchpad_desc()};
  });
}

}  // namespace impasto
