#include <benchmark/benchmark.h>

#include <chrono>

#include "base/parallel.h"
#include "optim/optimizer.h"
#include "primitives.h"

namespace impasto::bench {

namespace {

using Clock = std::chrono::steady_clock;

// A badly conditioned bowl: it takes hundreds of steps, so that history is always in use.
double bowl(const Tensor& x, const Tensor& gradient) {
  parallel_for(x.size(), 1 << 16, [&](int64_t begin, int64_t end) {
    const float* from = x.data<float>();
    float* to = gradient.data<float>();
    for (int64_t i = begin; i < end; ++i) {
      to[i] = from[i] / static_cast<float>(1 + (i % 1024) * (i % 1024));
    }
  });
  return 1;
}

// The optimiser alone: what an evaluation takes is left out.
void measure_steps(benchmark::State& state, const std::unique_ptr<Optimizer>& optimizer,
                   int64_t size, double passes) {
  const Tensor x = random_tensor({size}, DType::f32);
  double inside = 0;
  const auto evaluate = [&](const Tensor& at, const Tensor& gradient) {
    const auto begin = Clock::now();
    const double value = bowl(at, gradient);
    inside += std::chrono::duration<double>(Clock::now() - begin).count();
    return value;
  };
  for (int i = 0; i < 20; ++i) optimizer->step(x, evaluate);
  while (state.KeepRunning()) {
    inside = 0;
    const auto begin = Clock::now();
    optimizer->step(x, evaluate);
    state.SetIterationTime(std::chrono::duration<double>(Clock::now() - begin).count() - inside);
  }
  const double gbytes = passes * 4e-9 * static_cast<double>(size);
  using benchmark::Counter;
  state.counters["GB/s"] = Counter(gbytes, Counter::kIsIterationInvariantRate);
  state.counters["limit"] =
      Counter(gbytes / machine().memory_gbytes, Counter::kIsIterationInvariantRate);
}

void add_steps(const std::string& name, int64_t size, double passes,
               const std::function<std::unique_ptr<Optimizer>()>& make) {
  benchmark::RegisterBenchmark(
      (name + "/" + std::to_string(size)).c_str(),
      [=](benchmark::State& state) { measure_steps(state, make(), size, passes); })
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

void add_optimizers() {
  for (const int64_t size : {512 * 512 * 3, 512 * 512 * 4}) {  // pixels, about the pyramid
    for (const int history : {8, 20}) {
      // Both passes read the whole history; beside it x, gradient, step, last and best point.
      add_steps("lbfgs_" + std::to_string(history), size, 4.0 * history + 8, [=] {
        LbfgsOptions o;
        o.history = history;
        return make_lbfgs(o);
      });
    }
    add_steps("adam", size, 8, [] { return make_adam(); });
  }
}

}  // namespace impasto::bench
