#include "models/vgg.h"

#include <cmath>

#include "base/random.h"

namespace impasto {

VggConfig small_vgg_config() {
  VggConfig config;
  config.widths = {{16, 16}, {32, 32}, {64, 64, 64, 64}, {128, 128, 128, 128}, {128}};
  config.padding = PadMode::reflect;
  config.pooling = PoolKind::average;
  // Colours around 0 with a deviation near 1.
  config.pixels.matrix = {4, 0, 0, 0, 4, 0, 0, 0, 4};
  config.pixels.offset = {-1.9f, -1.8f, -1.6f};
  return config;
}

std::shared_ptr<Graph> make_vgg(const VggConfig& config) {
  auto graph = std::make_shared<Graph>();
  int node = graph->add("pixels", make_pixels(config.pixels), {0});
  int channels = 3;
  for (size_t block = 0; block < config.widths.size(); ++block) {
    if (block > 0) {
      node = graph->add("pool" + std::to_string(block), make_pool(config.pooling), {node});
    }
    for (size_t i = 0; i < config.widths[block].size(); ++i) {
      const std::string place = std::to_string(block + 1) + "_" + std::to_string(i + 1);
      ConvOptions conv;
      conv.in_channels = channels;
      conv.out_channels = channels = config.widths[block][i];
      conv.relu = true;
      conv.padding = 1;
      conv.border = config.padding;
      node = graph->add("conv" + place, make_conv(conv), {node});
      graph->name_tap("relu" + place, node);
    }
  }
  return graph;
}

void initialise(Graph& graph, uint64_t seed) {
  Random random(seed);
  for (Parameter& p : graph.parameters()) {
    if (p.value.shape().rank() != 4) continue;
    const Shape& s = p.value.shape();
    const double deviation = std::sqrt(2.0 / static_cast<double>(s[1] * s[2] * s[3]));
    for (int64_t i = 0; i < s.size(); ++i) {
      p.value.data<float>()[i] = static_cast<float>(deviation * random.normal());
    }
  }
}

}  // namespace impasto
