#pragma once

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nn/graph.h"

namespace impasto::test {

/// Names and shapes of a layer's parameters.
using ParameterShapes = std::vector<std::pair<std::string, Shape>>;

template <class T>
const T& attribute(const LayerDescription& d, std::string_view name) {
  const LayerAttribute* found = d.find(name);
  if (!found) throw std::out_of_range(std::string(d.kind) + " has no " + std::string(name));
  return std::get<T>(*found);
}

inline PadMode pad_mode(const LayerDescription& d) {
  const auto& mode = attribute<std::string>(d, "mode");
  if (mode == "constant") return PadMode::zero;
  return mode == "reflect" ? PadMode::reflect : PadMode::circular;
}

inline ConvOptions conv_options(const LayerDescription& d, const ParameterShapes& parameters) {
  const auto first = [&](const char* name) {
    return static_cast<int>(attribute<std::vector<int64_t>>(d, name).at(0));
  };
  const Shape& weight = parameters.at(0).second;
  ConvOptions o;
  o.groups = static_cast<int>(attribute<int64_t>(d, "group"));
  o.out_channels = static_cast<int>(weight[0]);
  o.in_channels = static_cast<int>(weight[1]) * o.groups;
  o.kernel = first("kernel_shape");
  o.stride = first("strides");
  o.padding = first("pads");
  o.border = pad_mode(d);
  o.relu = attribute<std::string>(d, "activation") == "Relu";
  return o;
}

/// A layer made from nothing but what it tells of itself.
inline LayerPtr rebuilt(const LayerDescription& d, const ParameterShapes& parameters) {
  const auto ints = [&](const char* name) -> const auto& {
    return attribute<std::vector<int64_t>>(d, name);
  };
  const auto floats = [&](const char* name) -> const auto& {
    return attribute<std::vector<float>>(d, name);
  };
  if (d.kind == "Conv") return make_conv(conv_options(d, parameters));
  if (d.kind == "ModulatedConv") {
    return make_modulated_conv(
        {conv_options(d, parameters), attribute<int64_t>(d, "residual") != 0});
  }
  if (d.kind == "Pad") return make_pad(static_cast<int>(ints("pads").at(2)), pad_mode(d));
  if (d.kind == "MaxPool" || d.kind == "AveragePool") {
    return make_pool(d.kind == "MaxPool" ? PoolKind::max : PoolKind::average,
                     static_cast<int>(ints("kernel_shape").at(0)));
  }
  if (d.kind == "Resize") {
    const bool nearest = attribute<std::string>(d, "mode") == "nearest";
    return make_upsample(static_cast<int>(floats("scales").at(2)),
                         nearest ? Interpolation::nearest : Interpolation::bilinear);
  }
  if (d.kind == "InstanceNormalization") {
    return make_instance_norm(attribute<float>(d, "epsilon"));
  }
  if (d.kind == "Affine") return make_affine(static_cast<int>(parameters.at(0).second[1]));
  if (d.kind == "Scale") return make_scale(attribute<float>(d, "factor"));
  if (d.kind == "Add") return make_add();
  if (d.kind == "AddEnlarged") return make_add_enlarged();
  if (d.kind == "Concat") return make_concat();
  if (d.kind == "Tanh") return make_tanh();
  if (d.kind == "Modulate") return make_modulate();
  if (d.kind == "Render") return make_render();
  if (d.kind == "Pixels" || d.kind == "Colours") {
    PixelConvention c;
    std::copy_n(floats("matrix").begin(), 9, c.matrix.begin());
    std::copy_n(floats("offset").begin(), 3, c.offset.begin());
    return d.kind == "Pixels" ? make_pixels(c) : make_colours(c);
  }
  throw std::out_of_range("a layer of an unknown kind: " + std::string(d.kind));
}

/// A network made from its nodes' names, inputs and descriptions, with its parameters' values.
inline std::shared_ptr<Graph> rebuilt(const Graph& graph) {
  std::vector<std::string> inputs;
  for (size_t i = 0; i < graph.input_count(); ++i) inputs.push_back(graph.nodes()[i].name);
  const bool picture = graph.input_count() == 1 && graph.nodes()[0].pixel_type;
  const auto copy = picture ? std::make_shared<Graph>() : std::make_shared<Graph>(inputs);
  for (size_t i = graph.input_count(); i < graph.nodes().size(); ++i) {
    const Graph::Node& node = graph.nodes()[i];
    ParameterShapes parameters;
    for (const int p : node.parameters) {
      const Parameter& parameter = graph.parameters()[static_cast<size_t>(p)];
      parameters.emplace_back(parameter.name, parameter.value.shape());
    }
    copy->add(node.name, rebuilt(node.layer->description(), parameters), node.inputs);
  }
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    if (graph.nodes()[i].pixel_type) copy->keep_pixel_type(static_cast<int>(i));
  }
  for (const auto& [tap, node] : graph.taps()) {
    if (static_cast<size_t>(node) >= graph.input_count()) copy->name_tap(tap, node);
  }
  copy->load(graph.named_parameters(), "the network itself");
  return copy;
}

}  // namespace impasto::test
