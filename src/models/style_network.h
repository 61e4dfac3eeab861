#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "impasto/choices.h"
#include "nn/graph.h"

namespace impasto {

// A network that paints in one style, in one pass (Johnson, Alahi and Fei-Fei 2016, "Perceptual
// losses for real-time style transfer and super-resolution"): convolutions, nearest enlarging and
// sums alone, without normalisation, so that a pixel depends on what is near it and on nothing
// else, and a picture may be cut into windows.

struct StyleNetworkConfig {
  std::array<int, 3> channels{16, 32, 32};  ///< at 1/2, 1/4 and 1/8 of the picture's sides
  int blocks = 4;                           ///< residual ones, at 1/8
};

StyleNetworkConfig style_network_config(NetworkWidth);

/// Pixels that the sides of what it paints are multiples of.
constexpr int style_network_step = 8;

/// Reads a picture [n, h, w, 3], its tap "rgb" is the painted one.
std::shared_ptr<Graph> make_style_network(const StyleNetworkConfig&);

/// What is trained: the parameters at strength 50, and how they change with the strength. Below and
/// above, each channel that a convolution yields has a gain and a shift of its own, which grow
/// linearly (conditional instance normalisation, Dumoulin et al. 2017, without the normalisation):
/// weight * (1 + away * gain), bias + away * shift. So at any strength the network is one of plain
/// convolutions.
class StyleParameters {
 public:
  /// Of a network that has been made: gains and shifts of 0.
  explicit StyleParameters(const Graph&);

  /// Those of the graph, then softer and bolder gains and shifts of each convolution.
  std::vector<Parameter>& all() { return all_; }
  const std::vector<Parameter>& all() const { return all_; }

  /// Writes the parameters at a strength 0..100 into the graph.
  void fold(double strength, Graph&) const;
  /// Gradients of all() from those of the graph's parameters at that strength.
  void gradients(double strength, const std::vector<Tensor>& of_graph,
                 const std::vector<Tensor>& of_all) const;

 private:
  size_t convolutions_;
  std::vector<Parameter> all_;
};

/// One that has been trained.
struct StyleNetwork {
  explicit StyleNetwork(const StyleNetworkConfig& c)
      : config(c), parameters(*make_style_network(c)) {}

  StyleNetworkConfig config;
  StyleParameters parameters;
};
/// What paints at that strength, 0..100.
std::shared_ptr<const Graph> graph_at(const StyleNetwork&, double strength);

/// Random weights to begin with, of which a grey picture comes.
void initialise_style_network(Graph&, uint64_t seed);

}  // namespace impasto
