// Every primitive that a step uses, at the shapes that it has at 512x512, held against the machine.
//
// usage: primitives [--benchmark_filter=REGEX] [--benchmark_format=json] ...  (Google Benchmark)

#include "primitives.h"

#include <benchmark/benchmark.h>

#include <algorithm>

#include "base/parallel.h"
#include "base/random.h"
#include "models/vgg.h"

namespace impasto::bench {

Conv2dDesc ConvLayer::desc(DType type, bool relu) const {
  Conv2dDesc d;
  d.src = {1, side, side, in};
  d.out_channels = out;
  d.padding = 1;
  if (reflect) d.border = PadMode::reflect;
  d.relu = relu;
  d.type = type;
  return d;
}

double ConvLayer::flops() const {
  return 2.0 * 9 * in * out * static_cast<double>(side * side);
}

std::vector<ConvLayer> layers_of(const std::string& network) {
  VggConfig config = small_vgg_config();
  if (network == "vgg19") {
    for (auto& block : config.widths) {
      for (int& width : block) width *= 4;
    }
    config.padding = PadMode::zero;
  }
  std::vector<ConvLayer> layers;
  int in = 3;
  for (size_t b = 0; b < config.widths.size(); ++b) {
    for (size_t i = 0; i < config.widths[b].size(); ++i) {
      const int out = config.widths[b][i];
      const bool again = i > 1 && in == out;
      if (again)
        ++layers.back().count;
      else
        layers.push_back({"conv" + std::to_string(b + 1) + "_" + std::to_string(i + 1),
                          int64_t{512} >> b, in, out, 1, config.padding == PadMode::reflect});
      in = out;
    }
  }
  return layers;
}

Backend& backend() {
  static const auto cpu = make_cpu_backend();
  return *cpu;
}

const MachineSpeed& machine() {
  static const MachineSpeed speed = measure_machine();
  return speed;
}

std::vector<DType> types() {
  if (!backend().supports(DType::bf16)) return {DType::f32};
  return {DType::f32, DType::bf16};
}

Tensor random_tensor(const Shape& shape, DType type) {
  const Tensor t(shape);
  parallel_for(t.size(), 1 << 16, [&](int64_t begin, int64_t end) {
    Random random(static_cast<uint64_t>(begin));
    for (int64_t i = begin; i < end; ++i) {
      t.data<float>()[i] = static_cast<float>(random.uniform(-1, 1));
    }
  });
  return type == DType::f32 ? t : t.to(type);
}

void measure(benchmark::State& state, const Work& work, const std::function<void()>& run) {
  run();  // compiles, touches memory
  while (state.KeepRunning()) run();
  using benchmark::Counter;
  const auto rate = Counter::kIsIterationInvariantRate;
  const double peak = work.type == DType::bf16 ? machine().bf16_gflops : machine().f32_gflops;
  if (work.flops > 0) state.counters["GFLOP/s"] = Counter(work.flops * 1e-9, rate);
  if (work.bytes > 0) state.counters["GB/s"] = Counter(work.bytes * 1e-9, rate);
  if (work.flops + work.bytes <= 0) return;
  state.counters["limit"] =
      Counter(std::max(work.flops / peak, work.bytes / machine().memory_gbytes) * 1e-9, rate);
}

void add(const std::string& name, const std::function<void(benchmark::State&)>& body) {
  benchmark::RegisterBenchmark(name.c_str(), body)->UseRealTime()->Unit(benchmark::kMillisecond);
}

void add_for_layers(const std::string& name,
                    const std::function<void(benchmark::State&, const ConvLayer&, DType)>& body) {
  for (const char* network : {"vgg19", "small"}) {
    for (const ConvLayer& layer : layers_of(network)) {
      for (const DType type : types()) {
        add(name + "/" + network + "/" + layer.name + "/" + name_of(type),
            [=](benchmark::State& state) {
              body(state, layer, type);
              state.counters["count"] = layer.count;
            });
      }
    }
  }
}

}  // namespace impasto::bench

int main(int argc, char** argv) {
  using namespace impasto;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const MachineSpeed& speed = bench::machine();
  benchmark::AddCustomContext("threads", std::to_string(threads()));
  benchmark::AddCustomContext("instructions", speed.instructions);
  benchmark::AddCustomContext("f32 GFLOP/s", std::to_string(speed.f32_gflops));
  benchmark::AddCustomContext("bf16 GFLOP/s", std::to_string(speed.bf16_gflops));
  benchmark::AddCustomContext("memory GB/s", std::to_string(speed.memory_gbytes));
  bench::add_convolutions();
  bench::add_bare_convolutions();
  bench::add_spatial();
  bench::add_pointwise();
  bench::add_statistics();
  bench::add_losses();
  bench::add_optimizers();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
