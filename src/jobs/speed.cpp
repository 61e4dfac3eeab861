#include "jobs/speed.h"

#include <algorithm>
#include <fstream>

#include "backend/machine.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "base/random.h"
#include "descent/scale_run.h"
#include "impasto/error.h"
#include "impasto/version.h"
#include "jobs/speed_book.h"

namespace impasto {

namespace {

template <class Work>
double seconds_of(Work&& work) {
  const auto begin = Clock::now();
  work();
  return seconds_since(begin);
}

// Something at every frequency.
Image drawn(int side) {
  Image image(side, side);
  Random random(1);
  for (int64_t i = 0; i < int64_t{3} * side * side; ++i) {
    image.data()[i] = static_cast<float>(random.uniform());
  }
  return image;
}

// From two sizes: what every step takes, and what its pixels take.
struct Sample {
  double pixels, first, later;  // seconds of the first step, and of one after it
};
Speed through(const Sample& small, const Sample& large) {
  Speed speed;
  speed.per_pixel =
      std::max(large.later - small.later, 0.1 * large.later) / (large.pixels - small.pixels);
  speed.step = std::max(0.0, small.later - speed.per_pixel * small.pixels);
  speed.begin = std::max(0.0, large.first - large.later);
  return speed;
}

std::string read_processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 1);
  }
  return "";
}
const std::string& processor() {
  static const std::string name = read_processor();
  return name;
}

// What the speed of this work depends on.
std::string here(const StylizeOptions& o) {
  return std::string(version()) + processor() + ", " + processor_instructions() + ", " +
         std::to_string(threads()) + " threads, " + name_of(o.precision);
}
std::string step_work(const StylizeOptions& o) {
  std::string layers;
  for (const LayerWeights& weights : {o.content_layers, o.style_layers}) {
    for (const auto& [tap, weight] : weights) layers += "," + tap;
  }
  return "step: " + here(o) + ", " + o.network + ", " + name_of(o.style_loss) + ", " +
         name_of(o.optimizer) + ", " + name_of(o.unknown) + ", " +
         (o.pooling ? name_of(*o.pooling) : "") + layers;
}
std::string pass_work(const StylizeOptions& o) {
  return "pass: " + here(o);
}

}  // namespace

Speed measure_step(Engine& engine, const StylizeOptions& options) {
  StylizeOptions o = options;
  o.style_weights.clear();
  const auto sample = [&](int side) {
    const Image photo = drawn(side);
    const Painting painting = drawn(96);
    const std::vector<WeightedStyle> styles = weighted({&painting}, o);
    const double across = side + 2 * o.margin;
    Sample s{across * across, 0, 1e9};
    std::optional<ScaleRun> run;
    s.first = seconds_of([&] {
      run.emplace(engine, source_of(photo), source_of(photo), styles, o, JobStage());
      run->step();
    });
    for (int i = 0; i < 9; ++i) s.later = std::min(s.later, seconds_of([&] { run->step(); }));
    return s;
  };
  const Speed speed = through(sample(48), sample(144));
  engine.backend->forget_compiled();
  return speed;
}

Speed measure_pass(Instant& instant) {
  const auto painting = std::make_shared<const Painting>(drawn(96));
  Progress quiet;
  const auto sample = [&](int side) {
    const auto photo = std::make_shared<const Image>(drawn(side));
    const auto paint = [&] { instant.paint(photo, {painting}, {side, side}, quiet); };
    Sample s{static_cast<double>(side) * side, seconds_of(paint), 1e9};
    for (int i = 0; i < 5; ++i) s.later = std::min(s.later, seconds_of(paint));
    return s;
  };
  const Speed speed = through(sample(80), sample(224));
  instant.rest();
  return speed;
}

namespace {

// Nothing is measured where there is hardly memory for it.
void measure_unless_known(const std::string& work, const std::function<Speed()>& measure) {
  if (speed_book().find(work)) return;
  try {
    speed_book().measured(work, measure());
  } catch (const Error& e) {
    if (e.code() != ErrorCode::memory) throw;
  }
}

}  // namespace

void measure_step_speed(const StylizeOptions& o, Engine& engine) {
  measure_unless_known(step_work(o), [&] { return measure_step(engine, o); });
}

void measure_speeds(const StylizeOptions& o, const Networks& networks) {
  if (o.method != Method::instant) {
    measure_unless_known(step_work(o), [&] { return measure_step(networks.engine(), o); });
  }
  measure_unless_known(pass_work(o), [&] { return measure_pass(networks.instant()); });
}

Speeds known_speeds(const StylizeOptions& o) {
  return {speed_book().find(step_work(o)).value_or(usual_speeds.step),
          speed_book().find(pass_work(o)).value_or(usual_speeds.pass)};
}

Speeds settled_speeds(const StylizeOptions& o, const Networks& networks) {
  measure_speeds(o, networks);
  return {speed_book().settled(step_work(o)).value_or(usual_speeds.step),
          speed_book().settled(pass_work(o)).value_or(usual_speeds.pass)};
}

Speeds settled_speeds(Session& session, const StylizeOptions& o) {
  std::shared_ptr<Engine> engine;
  std::shared_ptr<Instant> instant;
  return settled_speeds(o, {[&]() -> Instant& { return *(instant = instant_of(session, o)); },
                            [&]() -> Engine& { return *(engine = engine_of(session, o)); }});
}

void learn_step(const StylizeOptions& o, double expected, double seconds) {
  speed_book().took(step_work(o), expected, seconds);
}

void learn_pass(const StylizeOptions& o, double expected, double seconds) {
  speed_book().took(pass_work(o), expected, seconds);
}

}  // namespace impasto
