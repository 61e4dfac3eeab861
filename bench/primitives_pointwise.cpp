#include <benchmark/benchmark.h>

#include "primitives.h"

namespace impasto::bench {

namespace {

void add_relu_backward(const Shape& s, DType type) {
  add("relu_backward/" + s.str() + "/" + name_of(type), [=](benchmark::State& state) {
    const Tensor y = random_tensor(s, type), dy = random_tensor(s, type);
    measure(state, {0, 3.0 * static_cast<double>(y.bytes())},
            [&] { backend().relu_backward(y, dy); });
  });
}

void add_accumulate(const Shape& s, DType type) {
  add("accumulate/" + s.str() + "/" + name_of(type), [=](benchmark::State& state) {
    const Tensor x = random_tensor(s, type), y = Tensor::zeros(s, type);
    measure(state, {0, 3.0 * static_cast<double>(x.bytes())},
            [&] { backend().accumulate(x, 1.0f, y); });
  });
}

void add_pixels(DType type) {
  const Shape s{1, 512, 512, 3};
  add(std::string("pixels/") + name_of(type), [=](benchmark::State& state) {
    const Tensor rgb = random_tensor(s, DType::f32), y(s, type);
    measure(state, {0, static_cast<double>(rgb.bytes() + y.bytes())},
            [&] { backend().pixels({}, rgb, y); });
  });
  add(std::string("pixels_backward/") + name_of(type), [=](benchmark::State& state) {
    const Tensor drgb(s), dy = random_tensor(s, type);
    measure(state, {0, static_cast<double>(drgb.bytes() + dy.bytes())},
            [&] { backend().pixels_backward({}, dy, drgb); });
  });
}

}  // namespace

void add_pointwise() {
  for (const DType type : types()) {
    for (const int64_t width : {16, 64}) {
      for (int64_t block = 0; block < 5; ++block) {
        const int64_t side = int64_t{512} >> block;
        add_relu_backward({1, side, side, width << std::min<int64_t>(block, 3)}, type);
      }
    }
    add_accumulate({1, 512, 512, 16}, type);
    add_accumulate({1, 512, 512, 64}, type);
    add_pixels(type);
  }
  add_accumulate({1, 512, 512, 3}, DType::f32);  // the pyramid's sum
}

}  // namespace impasto::bench
