// The limits that primitives are held against.

#include "backend/machine.h"

#include <algorithm>
#include <chrono>
#include <dnnl.hpp>
#include <functional>
#include <utility>

#include "backend/backend.h"
#include "backend/cpu/dnnl_context.h"
#include "backend/cpu/dnnl_describe.h"
#include "base/clock.h"
#include "base/parallel.h"

namespace impasto {

namespace {

using Memory = dnnl::memory;

constexpr double seconds_each = 0.2;

double best_seconds(const std::function<void()>& run) {
  run();  // touches memory, wakes threads
  double best = 1e9;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds_each);
  while (Clock::now() < end) {
    const auto begin = Clock::now();
    run();
    best = std::min(best, seconds_since(begin));
  }
  return best;
}

Memory filled(const Memory::desc& desc, const dnnl::engine& engine) {
  Memory memory(desc, engine);
  std::fill_n(static_cast<std::byte*>(memory.get_data_handle()), desc.get_size(), std::byte{0});
  return memory;
}

// 3x3, 128 to 128 channels, in whatever layouts oneDNN likes best.
double convolution_gflops(Memory::data_type type, int64_t side) {
  constexpr int64_t channels = 128;
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const auto any = Memory::format_tag::any;
  const Memory::dims picture = {1, channels, side, side}, ones = {1, 1};
  const Memory::desc pixels(picture, type, any);
  const auto desc = describe<dnnl::convolution_forward>(
      engine, {}, dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, pixels,
      Memory::desc({channels, channels, 3, 3}, type, any), pixels, ones, ones, ones);
  const dnnl::convolution_forward convolution(desc);
  const Memory src = filled(desc.src_desc(), engine), weights = filled(desc.weights_desc(), engine),
               dst = filled(desc.dst_desc(), engine);
  const double seconds = best_seconds([&] {
    convolution.execute(stream,
                        {{DNNL_ARG_SRC, src}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, dst}});
    stream.wait();
  });
  return 2.0 * 9 * channels * channels * static_cast<double>(side * side) / seconds * 1e-9;
}

double best_gflops(Memory::data_type type) {
  return std::max(convolution_gflops(type, 32), convolution_gflops(type, 64));
}

double triad_gbytes() {
  const Shape shape{int64_t{32} << 20};
  const Tensor a = Tensor::zeros(shape), b = Tensor::zeros(shape), c = Tensor::zeros(shape);
  float* const sum = a.data<float>();
  const float *const first = b.data<float>(), *const second = c.data<float>();
  const double seconds = best_seconds([&] {
    parallel_for(shape.size(), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) sum[i] = first[i] + 3 * second[i];
    });
  });
  return static_cast<double>(a.bytes() + b.bytes() + c.bytes()) / seconds * 1e-9;
}

// Largest first: what later versions of oneDNN know beyond goes by the first that it includes.
const char* instructions() {
  using Isa = dnnl::cpu_isa;
  static constexpr std::pair<Isa, const char*> names[] = {
      {Isa::avx512_core_amx, "avx512_core_amx"},
      {Isa::avx512_core_bf16, "avx512_core_bf16"},
      {Isa::avx512_core_vnni, "avx512_core_vnni"},
      {Isa::avx512_core, "avx512_core"},
      {Isa::avx2_vnni, "avx2_vnni"},
      {Isa::avx2, "avx2"},
      {Isa::avx, "avx"},
      {Isa::sse41, "sse41"}};
  for (const auto& [isa, name] : names) {
    if (processor_has(isa)) return name;
  }
  return "other";
}

}  // namespace

std::string processor_instructions() {
  return instructions();
}

MachineSpeed measure_machine() {
  const auto backend = make_cpu_backend();  // starts the threads
  MachineSpeed speed;
  speed.instructions = instructions();
  speed.f32_gflops = best_gflops(Memory::data_type::f32);
  if (backend->supports(DType::bf16)) speed.bf16_gflops = best_gflops(Memory::data_type::bf16);
  speed.memory_gbytes = triad_gbytes();
  return speed;
}

size_t compilers_bytes() {
  return DNNL_VERSION_MAJOR < 3 ? 0 : size_t{10} << 20;
}

void forget_compiled_primitives() {
  const int capacity = dnnl::get_primitive_cache_capacity();
  dnnl::set_primitive_cache_capacity(0);
  dnnl::set_primitive_cache_capacity(capacity);
}

}  // namespace impasto
