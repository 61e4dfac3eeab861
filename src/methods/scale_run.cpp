#include "methods/scale_run.h"

#include <algorithm>

#include "base/parallel.h"
#include "impasto/error.h"
#include "methods/picture.h"

namespace impasto {

namespace {

DType choose_type(const Backend& backend, const std::string& precision) {
  if (precision == "f32") return DType::f32;
  if (precision == "auto") return backend.preferred_type();
  if (!backend.supports(DType::bf16)) {
    throw Error(ErrorCode::unsupported,
                "--precision bf16: this processor has no AVX-512; use f32 or auto");
  }
  return DType::bf16;
}

// Features of bf16 give gradients of as many digits: the history needs no more.
LbfgsOptions lbfgs_options(const Engine& engine, const StylizeOptions& o) {
  LbfgsOptions lbfgs;
  lbfgs.history = o.history;
  if (engine.type == DType::bf16) lbfgs.history_type = DType::bf16;
  if (o.learning_rate > 0) lbfgs.learning_rate = o.learning_rate;
  return lbfgs;
}

AdamOptions adam_options(const StylizeOptions& o) {
  AdamOptions adam;
  adam.learning_rate = o.learning_rate > 0 ? o.learning_rate : 0.03;
  return adam;
}

}  // namespace

std::vector<WeightedStyle> weighted(const std::vector<const Image*>& styles,
                                    const StylizeOptions& o) {
  std::vector<WeightedStyle> weighted;
  for (size_t i = 0; i < styles.size(); ++i) {
    weighted.push_back({styles[i], o.style_weights.empty() ? 1.0 : o.style_weights[i]});
  }
  return weighted;
}

bool same_engine(const StylizeOptions& a, const StylizeOptions& b) {
  return a.network == b.network && a.pooling == b.pooling && a.precision == b.precision &&
         a.threads == b.threads;
}

Engine open_engine(const StylizeOptions& o) {
  set_threads(o.threads);
  const std::optional<PoolKind> pooling =
      o.pooling.empty() ? std::nullopt
                        : std::optional(o.pooling == "average" ? PoolKind::average : PoolKind::max);
  Engine engine;
  engine.network = open_network(o.network, pooling);
  engine.backend = make_cpu_backend();
  engine.type = choose_type(*engine.backend, o.precision);
  return engine;
}

size_t scale_bytes(const Engine& engine, const Size& size, const std::vector<WeightedStyle>& styles,
                   const StylizeOptions& o) {
  const Shape shape{1, size.height + 2 * o.margin, size.width + 2 * o.margin, 3};
  PlanOptions plan;
  plan.type = engine.type;
  plan.input_gradient = true;
  plan.taps = {engine.network.graph->taps().back().first};
  const int64_t unknowns = shape.size() * (o.unknown == "pyramid" ? 4 : 3) / 3;
  const int64_t optimizer = o.optimizer == "adam" ? adam_bytes(adam_options(o), unknowns)
                                                  : lbfgs_bytes(lbfgs_options(engine, o), unknowns);
  // Pictures beside it: photograph, start, rendering, gradient, and copies while resizing.
  size_t bytes = Plan(engine.network.graph, *engine.backend, shape, plan).arena_bytes() +
                 static_cast<size_t>(optimizer) +
                 static_cast<size_t>(shape.size()) * sizeof(float) * 6;
  // Before that, one painting after another is looked at, at large sizes for large strokes.
  for (const WeightedStyle& style : styles) {
    bytes = std::max(
        bytes, painting_bytes(engine.network, *engine.backend, engine.type, *style.image, size, o));
  }
  return bytes + bytes / 10;  // scratch memory and everything small
}

ScaleRun::ScaleRun(Engine& engine, const Image& photo, const Image& start,
                   const std::vector<WeightedStyle>& styles, const StylizeOptions& o)
    : margin_(o.margin) {
  objective_ = build_objective(engine.network, *engine.backend, engine.type,
                               with_margin(photo, margin_), styles, o, engine.joined);
  const Tensor first = to_tensor(with_margin(start, margin_));
  unknown_ = o.unknown == "pixels" ? make_pixels_unknown(first)
                                   : make_pyramid_unknown(first, engine.joined != nullptr);
  optimizer_ =
      o.optimizer == "adam" ? make_adam(adam_options(o)) : make_lbfgs(lbfgs_options(engine, o));
  picture_ = Tensor(first.shape());
  dpicture_ = Tensor(first.shape());
}

void ScaleRun::step() {
  optimizer_->step(unknown_->values(), [this](const Tensor& values, const Tensor& gradient) {
    unknown_->render(values, picture_);
    const double value = objective_->evaluate(picture_, dpicture_);
    unknown_->pull_back(dpicture_, gradient);
    return value;
  });
}

Image ScaleRun::picture() const {
  return without_margin(to_image(picture_), margin_);
}

Image ScaleRun::finish() {
  optimizer_->finish(unknown_->values());
  unknown_->render(unknown_->values(), picture_);
  return picture();
}

}  // namespace impasto
