#include "descent/scale_plan.h"

#include <algorithm>

#include "canvas/joined.h"
#include "descent/schedule.h"
#include "descent/statistics.h"
#include "descent/unknown.h"

namespace impasto {

namespace {

// Of a step for a pixel of a window: twice forward, as often for the photograph, and once backward,
// over once forward and once backward of the whole picture (docs/large-pictures.md).
constexpr double cost_of_windows = 1.9;

// Features of bf16 give gradients of as many digits: the history needs no more.
LbfgsOptions lbfgs_options(const Engine& engine, const StylizeOptions& o, const JobStage& stage) {
  LbfgsOptions lbfgs;
  lbfgs.history = stage.history > 0 ? stage.history : o.history;
  if (engine.type == DType::bf16) lbfgs.history_type = DType::bf16;
  if (o.learning_rate) lbfgs.learning_rate = *o.learning_rate;
  return lbfgs;
}

// Of so many steps there are fewer pairs.
int history_for(const Size& size, const StylizeOptions& o) {
  if (o.time > 0) return o.history;
  return std::clamp(plan_scales(size.width, size.height, o).back().steps - 1, 1, o.history);
}

AdamOptions adam_options(const StylizeOptions& o) {
  AdamOptions adam;
  adam.learning_rate = o.learning_rate.value_or(0.03);
  return adam;
}

// One step makes the next point exactly, however it was rounded.
MemorylessOptions memoryless_options(const StylizeOptions& o) {
  MemorylessOptions options{.step_type = DType::bf16};
  if (o.learning_rate) options.learning_rate = *o.learning_rate;
  return options;
}

int64_t optimizer_bytes(const Engine& engine, const StylizeOptions& o, const JobStage& stage,
                        int64_t size) {
  if (o.optimizer == OptimizerKind::adam) return adam_bytes(adam_options(o), size);
  return stage.lean ? memoryless_bytes(memoryless_options(o), size)
                    : lbfgs_bytes(lbfgs_options(engine, o, stage), size);
}

// With what the objective computes in.
size_t bytes_of(const JobStage& stage, size_t objective, const Engine& engine, const Shape& shape,
                const StylizeOptions& o) {
  const auto elements = static_cast<size_t>(shape.size());
  const int64_t unknowns =
      o.unknown == UnknownKind::pyramid ? pyramid_size(shape, stage.octaves) : shape.size();
  const auto optimizer = static_cast<size_t>(optimizer_bytes(engine, o, stage, unknowns));
  if (!stage.in_windows()) {
    // Beside it the photograph, unknown, rendering, gradient; and all that is small.
    const size_t bytes = objective + optimizer + elements * sizeof(float) * 5;
    return bytes + bytes / 20;
  }
  // The photograph is in a file; scratch memory is that of a window.
  constexpr size_t small_things = size_t{48} << 20;
  return objective + objective / 10 + optimizer + static_cast<size_t>(unknowns) * sizeof(float) +
         small_things;
}

// From the fastest to the leanest.
std::vector<JobStage> ways_for(const Size& size, const StylizeOptions& o) {
  std::vector<JobStage> ways = {{}};
  const auto add = [&](bool lean, int octaves, std::initializer_list<int> windows) {
    for (const int side : windows) {
      if (side >= std::max(size.width, size.height) + 2 * o.margin) continue;
      JobStage& way = ways.emplace_back();
      way.window_side = side;
      way.lean = lean;
      way.octaves = octaves;
    }
  };
  add(false, 5, {1536, 1024, 768, 512});
  if (o.optimizer != OptimizerKind::lbfgs) return ways;
  add(true, 5, {1024, 768, 512});
  if (o.unknown == UnknownKind::pyramid) add(true, 1, {1024, 768, 512});
  return ways;
}

}  // namespace

JobStage plan_scale(const Engine& engine, const Size& size, const PlannedStyles& styles,
                    const StylizeOptions& o, size_t bytes) {
  // Before anything else one painting after another is looked at.
  size_t paintings = 0;
  for (const PaintingHeader& painting : styles.paintings) {
    paintings = std::max(
        paintings, painting_bytes(engine.network, *engine.backend, engine.type, painting, size, o));
  }
  const Shape shape{1, size.height + 2 * o.margin, size.width + 2 * o.margin, 3};
  // What is known of areas: positions and weights of all layers, the first of which has a third of
  // all of them to follow.
  constexpr size_t gathered = size_t{1} << 19;  // elements, of a part and its products
  const size_t guides = styles.in_areas || o.match > 0 ? static_cast<size_t>(shape.pixels()) * 12 +
                                                             2 * gathered * size_of(engine.type)
                                                       : 0;
  JobStage leanest;
  for (JobStage& stage : engine.joined ? std::vector<JobStage>(1) : ways_for(size, o)) {
    const ObjectiveOutline objective =
        outline_objective(engine.network, *engine.backend, engine.type, shape, o, window_of(stage));
    stage.size = size;
    stage.history = history_for(size, o);
    stage.windows = objective.windows;
    stage.window = objective.window;
    stage.cost = objective.windows == 1
                     ? 1
                     : cost_of_windows * objective.windows * objective.window.width *
                           objective.window.height / static_cast<double>(shape.pixels());
    stage.bytes = std::max(paintings, bytes_of(stage, objective.bytes, engine, shape, o)) + guides;
    if (stage.bytes <= bytes) return stage;
    if (leanest.bytes == 0 || stage.bytes < leanest.bytes) leanest = stage;
  }
  return leanest;
}

static Size painted_at(const Engine& engine, const Size& size) {
  return engine.joined ? Size{joined_side(size.width), joined_side(size.height)} : size;
}

JobStage plan_largest_scale(const Engine& engine, const Size& size, const PlannedStyles& styles,
                            const StylizeOptions& o, size_t bytes) {
  return plan_scale(engine, painted_at(engine, size), styles, o, bytes);
}

std::vector<JobStage> plan_descent(const Engine& engine, const Size& size,
                                   const PlannedStyles& styles, const StylizeOptions& o,
                                   size_t bytes) {
  std::vector<JobStage> stages;
  for (const ScaleStage& scale : plan_scales(size.width, size.height, o)) {
    const Size at = painted_at(engine, {scale.width, scale.height});
    stages.push_back(plan_scale(engine, at, styles, o, bytes));
    stages.back().steps = scale.steps;
  }
  return stages;
}

Window window_of(const JobStage& stage) {
  return {stage.window_side, stage.window_side};
}

std::unique_ptr<Optimizer> make_optimizer(const Engine& engine, const StylizeOptions& o,
                                          const JobStage& stage) {
  if (o.optimizer == OptimizerKind::adam) return make_adam(adam_options(o));
  return stage.lean ? make_memoryless_bfgs(memoryless_options(o))
                    : make_lbfgs(lbfgs_options(engine, o, stage));
}

}  // namespace impasto
