#include <benchmark/benchmark.h>

#include "primitives.h"

namespace impasto::bench {

namespace {

// A tap of a network that looks at 512x512: the first convolution of a block.
void add_tap(const Shape& s, DType type) {
  const int64_t c = s.c();
  const std::string suffix = "/" + s.str() + "/" + name_of(type);
  const double gemm = 2.0 * static_cast<double>(s.size()) * static_cast<double>(c);
  const double once = static_cast<double>(s.size()) * static_cast<double>(size_of(type));

  add("second_moments" + suffix, [=](benchmark::State& state) {
    const Tensor f = random_tensor(s, type), sums({c}, DType::f64), products({c, c}, DType::f64);
    measure(state, {gemm, once, type}, [&] { backend().second_moments(f, sums, products); });
  });
  for (const bool accumulate : {false, true}) {
    add((accumulate ? "channel_mix_accumulate" : "channel_mix") + suffix,
        [=](benchmark::State& state) {
          const Tensor f = random_tensor(s, type), matrix = random_tensor({c, c}, DType::f32),
                       bias = random_tensor({c}, DType::f32), y = Tensor::zeros(s, type);
          measure(state, {gemm, (accumulate ? 3 : 2) * once, type},
                  [&] { backend().channel_mix(f, matrix, bias, accumulate, y); });
        });
  }
  add("channel_sums" + suffix, [=](benchmark::State& state) {
    const Tensor f = random_tensor(s, type), t = random_tensor(s, type), sums({3, c}, DType::f64);
    measure(state, {0, 2 * once, type}, [&] { backend().channel_sums(f, t, sums); });
  });
  for (const bool accumulate : {false, true}) {
    add((accumulate ? "channel_blend_accumulate" : "channel_blend") + suffix,
        [=](benchmark::State& state) {
          const Tensor f = random_tensor(s, type), t = random_tensor(s, type),
                       k = random_tensor({3, c}, DType::f32), y = Tensor::zeros(s, type);
          measure(state, {0, (accumulate ? 4 : 3) * once, type},
                  [&] { backend().channel_blend(f, t, k, accumulate, y); });
        });
  }
}

}  // namespace

void add_statistics() {
  for (const DType type : types()) {
    for (const int64_t width : {16, 64}) {
      for (int64_t block = 0; block < 5; ++block) {
        const int64_t side = int64_t{512} >> block;
        add_tap({1, side, side, width << std::min<int64_t>(block, 3)}, type);
      }
    }
  }
}

}  // namespace impasto::bench
