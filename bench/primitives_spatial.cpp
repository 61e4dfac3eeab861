#include <benchmark/benchmark.h>

#include "primitives.h"

namespace impasto::bench {

namespace {

std::string suffix(const Shape& s, DType type) {
  return "/" + std::to_string(s.h()) + "x" + std::to_string(s.c()) + "/" + name_of(type);
}

double bytes(const Shape& s, DType type) {
  return static_cast<double>(s.size()) * static_cast<double>(size_of(type));
}

void add_pad(const Shape& src, DType type) {
  const Pad2dDesc d{src, 1, PadMode::reflect, type};
  const Work work{0, bytes(src, type) + bytes(d.dst(), type)};
  add("pad" + suffix(src, type), [=](benchmark::State& state) {
    const Tensor x = random_tensor(src, type), y(d.dst(), type);
    measure(state, work, [&] { backend().pad2d(d, x, y); });
  });
  add("pad_backward" + suffix(src, type), [=](benchmark::State& state) {
    const Tensor dx(src, type), dy = random_tensor(d.dst(), type);
    measure(state, work, [&] { backend().pad2d_backward(d, dy, dx); });
  });
}

void add_pool(const Shape& src, PoolKind kind, DType type) {
  const Pool2dDesc d{src, kind, 2, type};
  const double small = bytes(d.dst(), type), large = bytes(src, type);
  const bool max = kind == PoolKind::max;
  const std::string name = max ? "pool_max" : "pool_average";
  add(name + suffix(src, type), [=](benchmark::State& state) {
    const Tensor x = random_tensor(src, type), y(d.dst(), type);
    measure(state, {0, large + small}, [&] { backend().pool2d(d, x, y); });
  });
  add(name + "_backward" + suffix(src, type), [=](benchmark::State& state) {
    const Tensor x = random_tensor(src, type), dy = random_tensor(d.dst(), type), dx(src, type);
    measure(state, {0, (max ? 2 : 1) * large + small},
            [&] { backend().pool2d_backward(d, x, dy, dx); });
  });
}

// The pyramid's octaves: from 512 >> octave up to 512 and back.
void add_upsample(int octave) {
  const int64_t side = int64_t{512} >> octave;
  const Upsample2dDesc d{{1, side, side, 3}, 512, 512, Interpolation::bilinear, DType::f32};
  const double all = bytes(d.src, DType::f32) + bytes(d.dst(), DType::f32);
  add("upsample" + suffix(d.src, DType::f32), [=](benchmark::State& state) {
    const Tensor x = random_tensor(d.src, DType::f32), y(d.dst());
    measure(state, {0, all}, [&] { backend().upsample2d(d, x, y); });
  });
  add("upsample_backward" + suffix(d.src, DType::f32), [=](benchmark::State& state) {
    const Tensor dx(d.src), dy = random_tensor(d.dst(), DType::f32);
    measure(state, {0, all}, [&] { backend().upsample2d_backward(d, dy, dx); });
  });
}

}  // namespace

void add_spatial() {
  for (const DType type : types()) {
    for (const ConvLayer& layer : layers_of("small")) {
      add_pad({1, layer.side, layer.side, layer.in}, type);
    }
    for (const int64_t width : {16, 64}) {  // the small encoder's first block, VGG-19's
      for (int64_t block = 0; block < 4; ++block) {
        const Shape src{1, int64_t{512} >> block, int64_t{512} >> block, width << block};
        add_pool(src, PoolKind::max, type);
        if (block == 0) add_pool(src, PoolKind::average, type);
      }
    }
  }
  for (int octave = 1; octave < 5; ++octave) add_upsample(octave);
}

}  // namespace impasto::bench
