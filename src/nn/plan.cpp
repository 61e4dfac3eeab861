#include "nn/plan.h"

#include <algorithm>

#include "base/stop.h"
#include "impasto/error.h"
#include "nn/arena.h"

namespace impasto {

struct Plan::Impl {
  // A tensor in the arena: shape, type, and the slot of its lifetime (-1: none).
  struct Place {
    Shape shape;
    DType type = DType::f32;
    int slot = -1;
  };

  struct Step {
    LayerShapes shapes;
    Place output, gradient, extra;
    std::vector<Place> input_gradients;  // where backward writes; own place when it must be added
    std::vector<bool> add_input_gradient;
    bool gradient_wanted = false;  // someone before this node needs what flows through it
    std::vector<std::string> taps;
    LayerState state;
  };

  std::shared_ptr<const Graph> graph;
  Backend* backend;
  PlanOptions options;
  int count = 0;  // nodes up to the last tap
  std::vector<Step> steps;
  std::vector<Lifetime> lifetimes;
  size_t arena_bytes = 0;
  std::shared_ptr<Buffer> arena;
  std::vector<Tensor> parameter_gradients;
  bool prepared = false, ran = false;

  bool backward_planned() const { return options.input_gradient || options.parameter_gradients; }
  // The timeline: forward of node i at i, backward of node i at 2 count - 1 - i.
  int forward_time(int node) const { return node; }
  int backward_time(int node) const { return 2 * count - 1 - node; }

  Place add_place(const Shape& shape, DType type, int first, int last) {
    lifetimes.push_back({static_cast<size_t>(shape.size()) * size_of(type), first, last, 0});
    return {shape, type, static_cast<int>(lifetimes.size()) - 1};
  }
  Tensor at(const Place& place) const {
    if (place.slot < 0) return {};
    return Tensor(arena, lifetimes[static_cast<size_t>(place.slot)].offset, place.shape,
                  place.type);
  }

  bool prepares_backward(const Step& step) const {
    return backward_planned() &&
           std::any_of(step.input_gradients.begin(), step.input_gradients.end(),
                       [](const Place& place) { return place.slot >= 0; });
  }

  void plan_shapes(const std::vector<Shape>& inputs);
  void plan_activations();
  void plan_gradients();
  void bind();
  void prepare();
};

void Plan::Impl::plan_shapes(const std::vector<Shape>& inputs) {
  const DType pixel_type = options.type == DType::f64 ? DType::f64 : DType::f32;
  steps.resize(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    const Graph::Node& node = graph->nodes()[static_cast<size_t>(i)];
    Step& step = steps[static_cast<size_t>(i)];
    for (const int in : node.inputs) {
      step.shapes.inputs.push_back(steps[static_cast<size_t>(in)].shapes.output);
      step.gradient_wanted |= steps[static_cast<size_t>(in)].gradient_wanted;
    }
    step.shapes.type = options.type;
    step.shapes.output =
        node.layer ? node.layer->output_shape(step.shapes.inputs) : inputs[static_cast<size_t>(i)];
    step.output.type = node.pixel_type ? pixel_type : options.type;
    step.gradient_wanted |= (i == 0 && options.input_gradient) ||
                            (options.parameter_gradients && !node.parameters.empty());
  }
  for (const std::string& tap : options.taps) {
    steps[static_cast<size_t>(graph->tap(tap))].taps.push_back(tap);
  }
}

// Each output lives until its last reader: a later layer, the backward pass of one that reads its
// inputs, its own backward pass, or the caller of a tap.
void Plan::Impl::plan_activations() {
  const int end = backward_planned() ? 2 * count : count;
  for (int i = 0; i < count; ++i) {
    Step& step = steps[static_cast<size_t>(i)];
    const Graph::Node& node = graph->nodes()[static_cast<size_t>(i)];
    int last = forward_time(i);
    for (int j = i + 1; j < count; ++j) {
      const Graph::Node& reader = graph->nodes()[static_cast<size_t>(j)];
      if (std::find(reader.inputs.begin(), reader.inputs.end(), i) == reader.inputs.end()) continue;
      last = std::max(last, forward_time(j));
      if (steps[static_cast<size_t>(j)].gradient_wanted && backward_planned() &&
          reader.layer->backward_reads_inputs(options.parameter_gradients)) {
        last = std::max(last, backward_time(j));
      }
    }
    if (backward_planned() && step.gradient_wanted && node.layer &&
        node.layer->backward_reads_output()) {
      last = std::max(last, backward_time(i));
    }
    // A tap is read after forward, and again in backward when its gradient is asked for.
    if (!step.taps.empty()) last = std::max(last, backward_planned() ? backward_time(i) : end);
    // All inputs are written before the first layer runs.
    const int first = node.layer ? forward_time(i) : 0;
    step.output = add_place(step.shapes.output, step.output.type, first, last);
    const Shape extra = node.layer ? node.layer->extra_shape(step.shapes) : Shape{};
    if (extra.rank() > 0) {
      const DType type = options.type == DType::f64 ? DType::f64 : DType::f32;
      step.extra = add_place(extra, type, forward_time(i),
                             backward_planned() ? backward_time(i) : forward_time(i));
    }
  }
}

// A node's gradient begins with the first of its readers (in backward order), which writes it;
// later readers write beside it and are added. The taps' callback comes after all readers.
void Plan::Impl::plan_gradients() {
  for (int i = count - 1; i >= 0; --i) {
    Step& step = steps[static_cast<size_t>(i)];
    if (!step.gradient_wanted) continue;
    int first = backward_time(i);
    for (int j = i + 1; j < count; ++j) {
      const auto& inputs = graph->nodes()[static_cast<size_t>(j)].inputs;
      if (std::find(inputs.begin(), inputs.end(), i) != inputs.end()) {
        first = std::min(first, backward_time(j));
      }
    }
    const int last = i == 0 ? 2 * count : backward_time(i);  // the picture's is the result
    step.gradient = add_place(step.shapes.output, step.output.type, first, last);
  }
  std::vector<bool> written(static_cast<size_t>(count), false);
  for (int i = count - 1; i >= 0; --i) {
    Step& step = steps[static_cast<size_t>(i)];
    for (const int in : graph->nodes()[static_cast<size_t>(i)].inputs) {
      const Step& source = steps[static_cast<size_t>(in)];
      const bool wanted = step.gradient_wanted && source.gradient_wanted;
      const bool add = wanted && written[static_cast<size_t>(in)];
      Place place;
      if (add) {
        place =
            add_place(source.shapes.output, source.output.type, backward_time(i), backward_time(i));
      } else if (wanted) {
        place = source.gradient;
        written[static_cast<size_t>(in)] = true;
      }
      step.input_gradients.push_back(place);
      step.add_input_gradient.push_back(add);
    }
  }
}

void Plan::Impl::bind() {
  arena = std::make_shared<Buffer>(arena_bytes);
  if (options.parameter_gradients) {
    for (const Parameter& p : graph->parameters()) {
      parameter_gradients.push_back(Tensor::zeros(p.value.shape(), p.value.dtype()));
    }
  }
  for (int i = 0; i < count; ++i) {
    Step& step = steps[static_cast<size_t>(i)];
    const Graph::Node& node = graph->nodes()[static_cast<size_t>(i)];
    LayerState& state = step.state;
    for (const int in : node.inputs)
      state.inputs.push_back(at(steps[static_cast<size_t>(in)].output));
    state.output = at(step.output);
    state.extra = at(step.extra);
    state.output_gradient = at(step.gradient);
    for (const Place& place : step.input_gradients) state.input_gradients.push_back(at(place));
    for (const int p : node.parameters) {
      if (options.parameter_gradients) {
        state.parameter_gradients.push_back(parameter_gradients[static_cast<size_t>(p)]);
      }
    }
  }
}

void Plan::Impl::prepare() {
  for (int i = 0; i < count; ++i) {
    const Graph::Node& node = graph->nodes()[static_cast<size_t>(i)];
    if (!node.layer) continue;
    Step& step = steps[static_cast<size_t>(i)];
    step.state.parameters.clear();
    for (const int p : node.parameters) {
      step.state.parameters.push_back(graph->parameters()[static_cast<size_t>(p)].value);
    }
    node.layer->prepare(*backend, step.shapes, step.state, prepares_backward(step));
  }
  if (options.frozen) {
    graph = graph->structure();
    for (Step& step : steps) step.state.parameters.clear();
  }
  prepared = true;
}

Plan::Plan(std::shared_ptr<const Graph> graph, Backend& backend, const Shape& input,
           const PlanOptions& options)
    : Plan(std::move(graph), backend, std::vector<Shape>{input}, options) {}

Plan::Plan(std::shared_ptr<const Graph> graph, Backend& backend, const std::vector<Shape>& inputs,
           const PlanOptions& options)
    : impl_(std::make_unique<Impl>()) {
  if (inputs.size() != graph->input_count()) {
    throw Error(ErrorCode::internal, "a network of " + std::to_string(graph->input_count()) +
                                         " inputs got " + std::to_string(inputs.size()));
  }
  for (const Shape& input : inputs) {
    if (input.rank() != 4 || input.size() < 1) {
      throw Error(ErrorCode::internal, "a network reads NHWC pictures, got " + input.str());
    }
  }
  if (options.taps.empty()) throw Error(ErrorCode::internal, "a plan needs at least one tap");
  impl_->graph = std::move(graph);
  impl_->backend = &backend;
  impl_->options = options;
  for (const std::string& tap : options.taps) {
    impl_->count = std::max(impl_->count, impl_->graph->tap(tap) + 1);
  }
  impl_->count = std::max(impl_->count, static_cast<int>(inputs.size()));
  impl_->plan_shapes(inputs);
  impl_->plan_activations();
  if (impl_->backward_planned()) impl_->plan_gradients();
  impl_->arena_bytes = place_lifetimes(impl_->lifetimes);
}

Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;

size_t Plan::arena_bytes() const {
  return impl_->arena_bytes;
}
Footprint Plan::footprint() const {
  Footprint sum;
  for (int i = 0; i < impl_->count; ++i) {
    const Impl::Step& step = impl_->steps[static_cast<size_t>(i)];
    const LayerPtr& layer = impl_->graph->nodes()[static_cast<size_t>(i)].layer;
    if (layer)
      sum += layer->footprint(*impl_->backend, step.shapes, impl_->prepares_backward(step));
  }
  return sum;
}
const Shape& Plan::input_shape() const {
  return impl_->steps[0].shapes.output;
}
DType Plan::type() const {
  return impl_->options.type;
}

Shape Plan::tap_shape(const std::string& tap) const {
  return impl_->steps[static_cast<size_t>(impl_->graph->tap(tap))].shapes.output;
}

void Plan::forward(const Tensor& input) {
  if (!(input.shape() == input_shape())) {
    throw Error(ErrorCode::internal, "a plan for pictures of " + input_shape().str() +
                                         " got one of " + input.shape().str());
  }
  this->input(0).copy_from(input);
  forward();
}

Tensor Plan::input(size_t i) {
  if (!impl_->arena) impl_->bind();
  return impl_->steps[i].state.output;
}

void Plan::forward() {
  Impl& p = *impl_;
  if (!p.arena) p.bind();
  if (!p.prepared) p.prepare();
  for (int i = 0; i < p.count; ++i) {
    const Impl::Step& step = p.steps[static_cast<size_t>(i)];
    const LayerPtr& layer = p.graph->nodes()[static_cast<size_t>(i)].layer;
    stop_if_wanted();
    if (layer) layer->forward(*p.backend, step.shapes, step.state);
  }
  p.ran = true;
}

Tensor Plan::tap(const std::string& name) const {
  if (!impl_->ran) throw Error(ErrorCode::internal, "a tap is read before forward()");
  return impl_->steps[static_cast<size_t>(impl_->graph->tap(name))].state.output;
}

Tensor Plan::backward(const TapGradient& callback) {
  Impl& p = *impl_;
  if (!p.ran || !p.backward_planned()) {
    throw Error(ErrorCode::internal, "backward() needs a plan with gradients after forward()");
  }
  p.ran = false;  // gradients may have taken the place of features
  // Whether a node's gradient holds something yet: a node that no later layer reads (the last one,
  // or a branch's end) begins with its taps.
  std::vector<bool> filled(static_cast<size_t>(p.count), false);
  for (int i = p.count - 1; i >= 0; --i) {
    const Impl::Step& step = p.steps[static_cast<size_t>(i)];
    if (!step.gradient_wanted) continue;
    const auto node_index = static_cast<size_t>(i);
    for (const std::string& tap : step.taps) {
      callback(tap, step.state.output, step.state.output_gradient, filled[node_index]);
      filled[node_index] = true;
    }
    if (!filled[node_index]) step.state.output_gradient.fill(0);
    if (i == 0) break;
    const Graph::Node& node = p.graph->nodes()[node_index];
    stop_if_wanted();
    node.layer->backward(*p.backend, step.shapes, step.state);
    for (size_t k = 0; k < node.inputs.size(); ++k) {
      const auto source = static_cast<size_t>(node.inputs[k]);
      if (!step.state.input_gradients[k]) continue;
      if (step.add_input_gradient[k]) {
        p.backend->accumulate(step.state.input_gradients[k], 1.0f,
                              p.steps[source].state.output_gradient);
      }
      filled[source] = true;
    }
  }
  return p.options.input_gradient ? p.steps[0].state.output_gradient : Tensor();
}

const Tensor& Plan::parameter_gradient(size_t i) const {
  return impl_->parameter_gradients.at(i);
}

void Plan::parameters_changed() {
  if (impl_->options.frozen)
    throw Error(ErrorCode::internal, "parameters of a frozen plan changed");
  impl_->prepared = false;
}

}  // namespace impasto
