#include "descent/scale_plan.h"

#include <algorithm>

#include "descent/schedule.h"
#include "descent/unknown.h"

namespace impasto {

namespace {

// Of a step for a pixel of a window: twice forward, as often for the photograph, and once backward,
// over once forward and once backward of the whole picture (docs/large-pictures.md).
constexpr double cost_of_windows = 1.9;

// Features of bf16 give gradients of as many digits: the history needs no more.
LbfgsOptions lbfgs_options(const Engine& engine, const StylizeOptions& o, const ScalePlan& plan) {
  LbfgsOptions lbfgs;
  lbfgs.history = plan.history > 0 ? plan.history : o.history;
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

int64_t optimizer_bytes(const Engine& engine, const StylizeOptions& o, const ScalePlan& plan,
                        int64_t size) {
  if (o.optimizer == OptimizerKind::adam) return adam_bytes(adam_options(o), size);
  return plan.lean ? memoryless_bytes(memoryless_options(o), size)
                   : lbfgs_bytes(lbfgs_options(engine, o, plan), size);
}

// With what the objective computes in.
size_t bytes_of(const ScalePlan& plan, size_t objective, const Engine& engine, const Shape& shape,
                const StylizeOptions& o) {
  const auto elements = static_cast<size_t>(shape.size());
  const int64_t unknowns =
      o.unknown == UnknownKind::pyramid ? pyramid_size(shape, plan.octaves) : shape.size();
  const auto optimizer = static_cast<size_t>(optimizer_bytes(engine, o, plan, unknowns));
  if (!plan.in_place()) {
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
std::vector<ScalePlan> plans_for(const Size& size, const StylizeOptions& o) {
  std::vector<ScalePlan> plans = {{}};
  const auto add = [&](bool lean, int octaves, std::initializer_list<int64_t> windows) {
    for (const int64_t side : windows) {
      if (side >= std::max(size.width, size.height) + 2 * o.margin) continue;
      plans.push_back({.window = {side, side}, .lean = lean, .octaves = octaves});
    }
  };
  add(false, 5, {1536, 1024, 768, 512});
  if (o.optimizer != OptimizerKind::lbfgs) return plans;
  add(true, 5, {1024, 768, 512});
  if (o.unknown == UnknownKind::pyramid) add(true, 1, {1024, 768, 512});
  return plans;
}

}  // namespace

ScalePlan plan_scale(const Engine& engine, const Size& size,
                     const std::vector<WeightedStyle>& styles, const StylizeOptions& o,
                     size_t bytes) {
  // Before anything else one painting after another is looked at.
  size_t paintings = 0;
  for (const WeightedStyle& style : styles) {
    paintings = std::max(paintings, painting_bytes(engine.network, *engine.backend, engine.type,
                                                   *style.image, size, o));
  }
  const Shape shape{1, size.height + 2 * o.margin, size.width + 2 * o.margin, 3};
  // What is known of areas: positions and weights of all layers, the first of which has a third of
  // all of them to follow.
  const bool guided = std::any_of(styles.begin(), styles.end(),
                                  [](const WeightedStyle& style) { return style.area; });
  constexpr size_t gathered = size_t{1} << 22;  // elements, of a part and its products
  const size_t guides =
      guided ? static_cast<size_t>(shape.pixels()) * 12 + 2 * gathered * size_of(engine.type) : 0;
  ScalePlan leanest;
  for (ScalePlan& plan : engine.joined ? std::vector<ScalePlan>(1) : plans_for(size, o)) {
    const ObjectiveOutline objective =
        outline_objective(engine.network, *engine.backend, engine.type, shape, o, plan.window);
    plan.history = history_for(size, o);
    plan.windows = objective.windows;
    plan.window_size = objective.window;
    plan.cost = objective.windows == 1
                    ? 1
                    : cost_of_windows * objective.windows * objective.window.width *
                          objective.window.height / static_cast<double>(shape.pixels());
    plan.bytes = std::max(paintings, bytes_of(plan, objective.bytes, engine, shape, o)) + guides;
    if (plan.bytes <= bytes) return plan;
    if (leanest.bytes == 0 || plan.bytes < leanest.bytes) leanest = plan;
  }
  return leanest;
}

std::unique_ptr<Optimizer> make_optimizer(const Engine& engine, const StylizeOptions& o,
                                          const ScalePlan& plan) {
  if (o.optimizer == OptimizerKind::adam) return make_adam(adam_options(o));
  return plan.lean ? make_memoryless_bfgs(memoryless_options(o))
                   : make_lbfgs(lbfgs_options(engine, o, plan));
}

}  // namespace impasto
