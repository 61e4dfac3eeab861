#include "nn/graph.h"

#include <algorithm>

#include "impasto/error.h"

namespace impasto {

Graph::Graph() {
  nodes_.push_back({"input", nullptr, {}, {}, true});
}

Graph::Graph(const std::vector<std::string>& inputs) : input_count_(inputs.size()) {
  if (inputs.empty()) throw Error(ErrorCode::internal, "a network without inputs");
  for (const std::string& name : inputs) {
    name_tap(name, static_cast<int>(nodes_.size()));
    nodes_.push_back({name, nullptr, {}, {}, false});
  }
}

int Graph::add(const std::string& name, LayerPtr layer, std::vector<int> inputs) {
  Node node{name, layer, std::move(inputs), {}, false};
  for (const auto& [parameter, shape] : layer->parameters()) {
    node.parameters.push_back(static_cast<int>(parameters_.size()));
    parameters_.push_back({name + "." + parameter, Tensor::zeros(shape)});
  }
  nodes_.push_back(std::move(node));
  return static_cast<int>(nodes_.size()) - 1;
}

void Graph::name_tap(const std::string& tap, int node) {
  taps_.emplace_back(tap, node);
}

bool Graph::has_tap(const std::string& name) const {
  return std::any_of(taps_.begin(), taps_.end(), [&](const auto& t) { return t.first == name; });
}

int Graph::tap(const std::string& name) const {
  std::string known;
  for (const auto& [tap, node] : taps_) {
    if (tap == name) return node;
    known += (known.empty() ? "" : ", ") + tap;
  }
  throw Error(ErrorCode::usage, "this network has no layer '" + name + "'; it has " + known);
}

void Graph::load(const NamedTensors& tensors, const std::string& source) {
  for (Parameter& p : parameters_) {
    const auto found = tensors.find(p.name);
    if (found == tensors.end()) {
      throw Error(ErrorCode::input,
                  source + ": has no tensor '" + p.name + "' of shape " + p.value.shape().str());
    }
    const Tensor& t = found->second;
    if (!(t.shape() == p.value.shape())) {
      throw Error(ErrorCode::input, source + ": '" + p.name + "' should be " +
                                        p.value.shape().str() + ", found " + t.shape().str());
    }
    p.value = t.dtype() == DType::f64 ? t.clone() : t.to(DType::f32);
  }
}

NamedTensors Graph::named_parameters() const {
  NamedTensors tensors;
  for (const Parameter& p : parameters_) tensors[p.name] = p.value;
  return tensors;
}

std::shared_ptr<const Graph> Graph::structure() const {
  auto copy = std::make_shared<Graph>(*this);
  for (Parameter& p : copy->parameters_) p.value = {};
  return copy;
}

}  // namespace impasto
