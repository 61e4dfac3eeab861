// The same convolutions as oneDNN alone does them, with nothing of ours around them: in the layouts
// that it chooses itself (bare_any), and in NHWC as ours are (bare_nhwc). Its choice is not always
// the faster one: the better of the two is what ours have to reach.

#include <benchmark/benchmark.h>

#include <dnnl.hpp>

#include "backend/cpu/dnnl_describe.h"
#include "primitives.h"

namespace impasto::bench {

namespace {

using Memory = dnnl::memory;
using Layout = Memory::format_tag;
using Arguments = std::unordered_map<int, Memory>;

struct Bare {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  Memory::desc src, weights, bias, dst;
  Memory::dims strides{1, 1}, padding;

  Bare(const Conv2dDesc& d, Layout layout) {
    const auto type = d.type == DType::bf16 ? Memory::data_type::bf16 : Memory::data_type::f32;
    const auto any = Memory::format_tag::any;
    const Shape out = d.dst();
    src = {{d.src.n(), d.src.c(), d.src.h(), d.src.w()}, type, layout};
    dst = {{out.n(), out.c(), out.h(), out.w()}, type, layout};
    weights = {{out.c(), d.src.c(), d.kernel, d.kernel}, type, any};
    bias = {{out.c()}, Memory::data_type::f32, Memory::format_tag::a};
    padding = {d.padding, d.padding};
  }

  static dnnl::primitive_attr attributes() {
    dnnl::primitive_attr a;
    a.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return a;
  }

  dnnl::convolution_forward::primitive_desc forward() const {
    auto with_relu = attributes();
    with_relu.set_post_ops(then_relu());
    return describe<dnnl::convolution_forward>(engine, with_relu, dnnl::prop_kind::forward_training,
                                               dnnl::algorithm::convolution_direct, src, weights,
                                               bias, dst, strides, padding, padding);
  }

  Memory filled(const Memory::desc& desc) const {
    Memory memory(desc, engine);
    // Numbers near 1, as bf16 and as f32.
    auto* halves = static_cast<uint16_t*>(memory.get_data_handle());
    for (size_t i = 0; i < desc.get_size() / 2; ++i) {
      halves[i] = static_cast<uint16_t>(0x3f00 | (i * 37 & 0xff));
    }
    return memory;
  }

  template <class Primitive, class Desc>
  void time(benchmark::State& state, const ConvLayer& layer, const Conv2dDesc& d, const Desc& p,
            Arguments arguments) {
    const Primitive primitive(p);
    arguments.emplace(DNNL_ARG_SCRATCHPAD, filled(p.scratchpad_desc()));
    measure(state, {layer.flops(), 0, d.type}, [&] {
      primitive.execute(stream, arguments);
      stream.wait();
    });
    state.SetLabel(p.impl_info_str());
  }
};

void forward(benchmark::State& state, const ConvLayer& layer, DType type, Layout layout) {
  const Conv2dDesc d = layer.desc(type, true);
  Bare b(d, layout);
  const auto p = b.forward();
  b.time<dnnl::convolution_forward>(state, layer, d, p,
                                    {{DNNL_ARG_SRC, b.filled(p.src_desc())},
                                     {DNNL_ARG_WEIGHTS, b.filled(p.weights_desc())},
                                     {DNNL_ARG_BIAS, b.filled(p.bias_desc())},
                                     {DNNL_ARG_DST, b.filled(p.dst_desc())}});
}

void backward_data(benchmark::State& state, const ConvLayer& layer, DType type, Layout layout) {
  const Conv2dDesc d = layer.desc(type, true);
  Bare b(d, layout);
  const auto p = describe_backward<dnnl::convolution_backward_data>(
      b.engine, Bare::attributes(), b.forward(), dnnl::algorithm::convolution_direct, b.src,
      b.weights, b.dst, b.strides, b.padding, b.padding);
  b.time<dnnl::convolution_backward_data>(state, layer, d, p,
                                          {{DNNL_ARG_DIFF_SRC, b.filled(p.diff_src_desc())},
                                           {DNNL_ARG_WEIGHTS, b.filled(p.weights_desc())},
                                           {DNNL_ARG_DIFF_DST, b.filled(p.diff_dst_desc())}});
}

void backward_weights(benchmark::State& state, const ConvLayer& layer, DType type, Layout layout) {
  const Conv2dDesc d = layer.desc(type, true);
  Bare b(d, layout);
  const Memory::desc dweights(b.weights.dims(), Memory::data_type::f32, Memory::format_tag::any);
  const auto p = describe_backward<dnnl::convolution_backward_weights>(
      b.engine, Bare::attributes(), b.forward(), dnnl::algorithm::convolution_direct, b.src,
      dweights, b.bias, b.dst, b.strides, b.padding, b.padding);
  b.time<dnnl::convolution_backward_weights>(
      state, layer, d, p,
      {{DNNL_ARG_SRC, b.filled(p.src_desc())},
       {DNNL_ARG_DIFF_WEIGHTS, b.filled(p.diff_weights_desc())},
       {DNNL_ARG_DIFF_BIAS, b.filled(p.diff_bias_desc())},
       {DNNL_ARG_DIFF_DST, b.filled(p.diff_dst_desc())}});
}

}  // namespace

void add_bare_convolutions() {
  using Body = void (*)(benchmark::State&, const ConvLayer&, DType, Layout);
  const auto add_body = [](const std::string& name, Body body, Layout layout) {
    add_for_layers(name, [=](benchmark::State& state, const ConvLayer& layer, DType type) {
      body(state, layer, type, layout);
    });
  };
  for (const bool any : {true, false}) {
    const std::string name = any ? "bare_any_" : "bare_nhwc_";
    const Layout layout = any ? Layout::any : Layout::nhwc;
    add_body(name + "forward", forward, layout);
    add_body(name + "backward_data", backward_data, layout);
    add_body(name + "backward_weights", backward_weights, layout);
  }
}

}  // namespace impasto::bench
