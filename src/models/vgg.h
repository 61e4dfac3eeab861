#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "nn/graph.h"

namespace impasto {

/// A network of the VGG family (Simonyan and Zisserman 2015): up to five blocks of 3x3 convolutions
/// with ReLU, 2x2 pooling between blocks. Layers and taps have the field's names: conv1_1, relu1_1.
struct VggConfig {
  /// Channels of each convolution, block by block: {{64, 64}, {128, 128}, ...}.
  std::vector<std::vector<int>> widths;
  PadMode padding = PadMode::zero;
  PoolKind pooling = PoolKind::max;
  PixelConvention pixels;
};

/// impasto's own small encoder: the layers of VGG-19 up to conv5_1 at a quarter of the width
/// (a sixteenth of the weights), reflect padding.
VggConfig small_vgg_config();

/// A new graph with zero weights.
std::shared_ptr<Graph> make_vgg(const VggConfig&);

/// Gaussian weights of variance 2 / fan-in (He et al. 2015), zero biases; the same for a seed.
void initialise(Graph&, uint64_t seed);

}  // namespace impasto
