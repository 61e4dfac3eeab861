#include <benchmark/benchmark.h>

#include "primitives.h"

namespace impasto::bench {

namespace {

Work work_of(const ConvLayer& layer, const Conv2dDesc& d) {
  const auto elements = static_cast<double>(d.src.size() + d.dst().size() + d.weights().size());
  return {layer.flops(), elements * static_cast<double>(size_of(d.type)), d.type};
}

void forward(benchmark::State& state, const ConvLayer& layer, DType type) {
  const Conv2dDesc d = layer.desc(type, true);
  const auto weights = backend().prepare(d, random_tensor(d.weights(), DType::f32),
                                         random_tensor({d.out_channels}, DType::f32), true, false);
  const Tensor src = random_tensor(d.src, type), dst(d.dst(), type);
  measure(state, work_of(layer, d), [&] { backend().conv2d(d, src, *weights, dst); });
}

void backward_data(benchmark::State& state, const ConvLayer& layer, DType type) {
  const Conv2dDesc d = layer.desc(type, true);
  const auto weights = backend().prepare(d, random_tensor(d.weights(), DType::f32),
                                         random_tensor({d.out_channels}, DType::f32), false, true);
  const Tensor dsrc(d.src, type), dst = random_tensor(d.dst(), type),
                                  ddst = random_tensor(d.dst(), type);
  measure(state, work_of(layer, d),
          [&] { backend().conv2d_backward_data(d, dst, ddst, *weights, dsrc); });
}

void backward_weights(benchmark::State& state, const ConvLayer& layer, DType type) {
  const Conv2dDesc d = layer.desc(type, true);
  const Tensor src = random_tensor(d.src, type), ddst = random_tensor(d.dst(), type);
  const Tensor dweights(d.weights()), dbias({d.out_channels});
  measure(state, work_of(layer, d),
          [&] { backend().conv2d_backward_weights(d, src, ddst, dweights, dbias); });
}

}  // namespace

void add_convolutions() {
  add_for_layers("conv_forward", forward);
  add_for_layers("conv_backward_data", backward_data);
  add_for_layers("conv_backward_weights", backward_weights);
}

}  // namespace impasto::bench
