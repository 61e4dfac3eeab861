// usage: instant_speed [WIDTH HEIGHT [bf16|f32 [THREADS]]]
// Milliseconds (median of 30) that painting at once takes with networks loaded and the style known:
// looking at the photograph, painting, and both; then those that networks for one style take.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/parallel.h"
#include "models/style_network.h"
#include "transfer/painter.h"
#include "zoo/instant.h"
#include "zoo/zoo.h"

using namespace impasto;

namespace {

Tensor waves(int64_t h, int64_t w) {
  const Tensor t({1, h, w, 3});
  for (int64_t i = 0; i < t.size(); ++i) {
    const auto x = static_cast<double>(i / 3 % w), y = static_cast<double>(i / 3 / w);
    t.data<float>()[i] =
        static_cast<float>(0.5 + 0.4 * std::sin(0.05 * x + static_cast<double>(i % 3)) *
                                     std::cos(0.03 * y + 1e-4 * x * y));
  }
  return t;
}

template <class F>
double median_ms(F&& f) {
  std::vector<double> times;
  for (int i = 0; i < 33; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    f();
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - begin;
    if (i >= 3) times.push_back(taken.count());
  }
  std::nth_element(times.begin(), times.begin() + 15, times.end());
  return times[15];
}

}  // namespace

int main(int count, char** arguments) {
  const int64_t w = count > 1 ? std::atoll(arguments[1]) : 512;
  const int64_t h = count > 2 ? std::atoll(arguments[2]) : 384;
  const bool f32 = count > 3 && std::string(arguments[3]) == "f32";
  const UseThreads use(count > 4 ? std::atoi(arguments[4]) : 0);
  const auto backend = make_cpu_backend();
  const InstantNetwork network = open_instant(default_instant);
  Painter painter(*backend, open_network(default_network).graph, network.decoder,
                  StyleCode(network.tensors, network.name),
                  f32 ? DType::f32 : backend->preferred_type());
  const Tensor painting = waves(300, 400);
  const std::vector<WeightedStatistics> style = {{painter.look_at_style({painting, painting}), 1}};
  const Tensor photo = waves((h + 15) / 16 * 16, (w + 15) / 16 * 16);
  const double look = median_ms([&] { painter.look_at_content(photo); });
  const double paint = median_ms([&] { painter.paint(style, 1, 0, 1); });
  std::printf("%ldx%ld %s, %d threads: look %.2f ms, paint %.2f ms, together %.2f ms\n",
              static_cast<long>(w), static_cast<long>(h), f32 ? "f32" : "bf16", threads(), look,
              paint, look + paint);
  const DType type = f32 ? DType::f32 : backend->preferred_type();
  for (const NetworkWidth width :
       {NetworkWidth::small, NetworkWidth::medium, NetworkWidth::large}) {
    const auto graph = make_style_network(style_network_config(width));
    initialise_style_network(*graph, 1);
    Plan plan(graph, *backend, photo.shape(), PlanOptions{type, {"rgb"}});
    const double ms = median_ms([&] { plan.forward(photo); });
    std::printf("one style, %s: %.2f ms, %.1f a second, %.0f MB\n", name_of(width), ms, 1000 / ms,
                static_cast<double>(plan.arena_bytes()) / 1e6);
  }
}
