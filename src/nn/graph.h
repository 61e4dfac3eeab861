#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/layer.h"

namespace impasto {

/// A network: layers in order, each reading earlier nodes; node 0 is the picture, or the first
/// nodes are several inputs. Independent of picture size; parameters are shared by every plan made
/// from it.
class Graph {
 public:
  struct Node {
    std::string name;  ///< "conv1_1"; the field's tap names are given with name_tap
    LayerPtr layer;    ///< null for an input
    std::vector<int> inputs;
    std::vector<int> parameters;  ///< indices into parameters()
    bool pixel_type = false;      ///< f32 whatever the precision: the picture itself
  };

  /// Reads a picture: node 0, "input".
  Graph();
  /// Reads features: nodes 0, 1, ... of these names, which are also their taps'.
  explicit Graph(const std::vector<std::string>& inputs);
  size_t input_count() const { return input_count_; }
  /// Appends a layer and returns its node. Parameters get zero values and the names
  /// "<name>.<parameter>".
  int add(const std::string& name, LayerPtr layer, std::vector<int> inputs);
  /// Makes a node f32 whatever the precision (only some layers can: make_render, make_colours).
  void keep_pixel_type(int node) { nodes_[static_cast<size_t>(node)].pixel_type = true; }
  /// Makes a node's output known by a name such as "relu1_1".
  void name_tap(const std::string& tap, int node);

  const std::vector<Node>& nodes() const { return nodes_; }
  std::vector<Parameter>& parameters() { return parameters_; }
  const std::vector<Parameter>& parameters() const { return parameters_; }
  bool has_tap(const std::string& name) const;
  /// Node of a tap; throws Error{usage} that lists the taps.
  int tap(const std::string& name) const;
  const std::vector<std::pair<std::string, int>>& taps() const { return taps_; }

  /// Copies values in by name. Every parameter must be there with the right shape, else
  /// Error{input} that starts with `source` (a file's name).
  void load(const NamedTensors& tensors, const std::string& source);
  NamedTensors named_parameters() const;
  /// The same layers and names; parameters without their values, which it does not keep alive.
  std::shared_ptr<const Graph> structure() const;

 private:
  size_t input_count_ = 1;
  std::vector<Node> nodes_;
  std::vector<Parameter> parameters_;
  std::vector<std::pair<std::string, int>> taps_;
};

}  // namespace impasto
