#include "impasto/bench.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

#include "backend/machine.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "base/random.h"
#include "canvas/picture.h"
#include "canvas/weighted_style.h"
#include "descent/scale_run.h"
#include "jobs/memory.h"
#include "options/checks.h"
#include "zoo/session.h"

namespace impasto {

namespace {

constexpr int default_size = 512;

// Soft shapes under noise: something at every frequency, the same everywhere.
Image drawn(int side, uint64_t seed) {
  Image image(side, side);
  Random random(seed);
  const double turn = random.uniform(0, 6.28);
  for (int y = 0; y < side; ++y) {
    for (int i = 0; i < 3 * side; ++i) {
      const int x = i / 3;
      const double wave = std::sin(turn + (x + 0.7 * y * (1 + i % 3)) * 20 / side);
      image.row(y)[i] =
          static_cast<float>(std::clamp(0.5 + 0.3 * wave + 0.1 * random.normal(), 0.0, 1.0));
    }
  }
  return image;
}

// Linux keeps the largest resident size of a process, and forgets it on request.
void forget_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  std::string word;
  size_t kilobytes = 0;
  while (status >> word) {
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

// Steps until every pass over L-BFGS's history has its full length.
int warm_up_steps(const StylizeOptions& o) {
  return o.optimizer == OptimizerKind::lbfgs ? o.history + 2 : 2;
}

class Measurement {
 public:
  Measurement(const BenchOptions& options, Progress& progress, std::string stage, int warm_up)
      : options_(options), progress_(progress), stage_(std::move(stage)), warm_up_(warm_up) {}

  /// False when the caller cancelled before enough was measured.
  bool run(ScaleRun& scale) {
    for (int step = 0; !enough(); ++step) {
      if (progress_.cancelled()) return false;
      const auto begin = Clock::now();
      scale.step();
      const double ms = 1000 * seconds_since(begin);
      if (step == 0) first = ms;
      if (step >= warm_up_) times.push_back(ms);
      report(step + 1);
    }
    return true;
  }

  double first = 0;
  std::vector<double> times;  // milliseconds

 private:
  double measured() const { return std::accumulate(times.begin(), times.end(), 0.0) / 1000; }
  bool enough() const {
    return static_cast<int>(times.size()) >= options_.steps && measured() >= options_.seconds;
  }

  void report(int step) {
    ProgressReport r;
    r.seconds = seconds_since(begin_);
    const double share = std::min({1.0, static_cast<double>(times.size()) / options_.steps,
                                   options_.seconds > 0 ? measured() / options_.seconds : 1.0});
    const double steps = step < warm_up_ ? step : warm_up_;
    r.fraction = enough() ? 1.0 : (steps + share * options_.steps) / (warm_up_ + options_.steps);
    r.remaining = remaining_after(r.seconds, r.fraction);
    r.stage = stage_ + (step <= warm_up_ ? ", warming up" : ", measuring");
    progress_.report(r);
  }

  const BenchOptions& options_;
  Progress& progress_;
  const std::string stage_;
  const int warm_up_;
  const Clock::time_point begin_ = Clock::now();
};

StepBench measure(const Budget& budget, const Image& content, const std::vector<Painting>& pictures,
                  const StylizeOptions& given, const BenchOptions& options, Progress& progress) {
  StylizeOptions o = given;
  o.iterations = std::max(o.iterations, warm_up_steps(o) + options.steps);  // plans count on it
  const std::vector<WeightedStyle> styles = weighted(addresses(pictures), o);
  const PlannedStyles planned{headers_of(addresses(pictures))};
  forget_compiled_primitives();
  forget_peak_memory();
  const auto begin = Clock::now();
  Engine engine = open_engine(o);
  const Size size = result_size(content, o.size);

  StepBench result;
  result.network = engine.network.name;
  result.precision = precision_of(engine);
  result.width = size.width;
  result.height = size.height;
  result.margin = o.margin;
  result.threads = threads();
  result.planned_bytes = checked_bytes(engine, size, budget, planned, o);
  const Image photo = resize(content, size.width, size.height);
  const JobStage stage = plan_scale(engine, size, planned, o, memory_for(budget));
  ScaleRun scale(engine, source_of(photo), source_of(photo), styles, o, stage);
  engine.network.graph.reset();  // as stylize() at its last scale
  result.setup_ms = 1000 * seconds_since(begin);

  Measurement m(options, progress,
                result.network + " " + name_of(result.precision) + " " + text_of(size),
                warm_up_steps(o));
  result.cancelled = !m.run(scale);
  result.peak_bytes = peak_memory();
  result.first_ms = m.first;
  for (const auto& [term, value] : scale.terms()) result.objective += value;
  result.steps = static_cast<int>(m.times.size());
  if (m.times.empty()) return result;
  std::sort(m.times.begin(), m.times.end());
  result.min_ms = m.times.front();
  result.max_ms = m.times.back();
  result.median_ms = (m.times[m.times.size() / 2] + m.times[(m.times.size() - 1) / 2]) / 2;
  return result;
}

}  // namespace

MachineBench bench_machine(Session& session) {
  return run_in(session, []() -> MachineBench {
    const MachineSpeed speed = measure_machine();
    return {threads(), speed.instructions, speed.f32_gflops, speed.bf16_gflops,
            speed.memory_gbytes};
  });
}

StepBench bench_step(Session& session, const Image& content, const std::vector<Painting>& styles,
                     const StylizeOptions& options, const BenchOptions& bench, Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    const PictureHeader square(default_size, default_size);
    const Size wanted = result_size(square, options.size);
    const int side = std::max(wanted.width, wanted.height);
    const Image photo = content.empty() ? drawn(side, 1) : content;
    const std::vector<Painting> paintings =
        styles.empty() ? std::vector<Painting>{drawn(side, 2)} : styles;
    StylizeOptions o = checked(options);
    if (content.empty()) o.size = side;
    check_pictures(photo, headers_of(addresses(paintings)), o);
    return measure(budget_of(session), photo, paintings, o, bench, progress);
  });
}

}  // namespace impasto
