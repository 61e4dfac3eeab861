#include "models/decoder.h"

#include <cmath>

#include "base/random.h"

namespace impasto {

namespace {

// Appends the parts of a decoder to its graph.
class Builder {
 public:
  Builder(const DecoderConfig& config, Graph& graph) : config_(config), graph_(graph) {
    hidden_ =
        conv("hidden", graph.tap("code"), config.code_channels, config.hidden_channels, 1, true);
  }

  // Modulation, then a 3x3 convolution.
  int block(const std::string& name, int node, int in, int out, bool relu = true) {
    const int m = conv(name + ".style", hidden_, config_.hidden_channels, 2 * in, 1, false);
    node = graph_.add(name + ".modulate", make_modulate(), {node, m});
    return conv(name, node, in, out, 3, relu);
  }
  int residual(const std::string& name, int node, int channels) {
    return add(name + ".add", node, block(name, node, channels, channels));
  }
  int add(const std::string& name, int a, int b) { return graph_.add(name, make_add(), {a, b}); }
  int noise(const std::string& name, int node, int channels) {
    const int n =
        conv(name + ".gain", graph_.tap(name), config_.noise_channels, channels, 1, false);
    return add(name + ".add", node, n);
  }
  int enlarge(const std::string& name, int node) {
    return graph_.add(name, make_upsample(2, Interpolation::nearest), {node});
  }

 private:
  int conv(const std::string& name, int node, int in, int out, int kernel, bool relu) {
    ConvOptions options;
    options.in_channels = in;
    options.out_channels = out;
    options.kernel = kernel;
    options.relu = relu;
    options.padding = kernel / 2;
    options.border = PadMode::reflect;
    return graph_.add(name, make_conv(options), {node});
  }

  const DecoderConfig& config_;
  Graph& graph_;
  int hidden_ = 0;
};

std::string numbered(const std::string& name, size_t i) {
  return name + std::to_string(i + 1);
}

}  // namespace

std::shared_ptr<Graph> make_decoder(const DecoderConfig& config) {
  std::vector<std::string> inputs = config.taps;
  for (int i = 0; i < config.noise_levels; ++i) inputs.push_back(numbered("noise", i));
  inputs.insert(inputs.end(), {"code", "colours"});
  const auto graph = std::make_shared<Graph>(inputs);
  Builder build(config, *graph);

  int node = graph->tap(config.taps[0]);
  for (size_t level = 0; level < config.taps.size(); ++level) {
    const int c = config.channels[level];
    const bool finest = level + 1 == config.taps.size();
    const int next = finest ? config.fine_channels : config.channels[level + 1];
    const std::string name = numbered("level", level);
    if (level > 0) node = build.add(name + ".skip", node, graph->tap(config.taps[level]));
    if (static_cast<int>(level) < config.noise_levels) {
      node = build.noise(numbered("noise", level), node, c);
    }
    // The coarsest and the finest resolutions do with one convolution less: the first has seen
    // all there is, the last costs as much as the others together.
    node = build.residual(name + ".a", node, c);
    if (level > 0 && !finest) node = build.residual(name + ".b", node, c);
    // A coarse level adds to the features below it, in both directions. (With a ReLU here, one bad
    // step early in training leaves only zeros, and no gradient ever brings the level back.)
    const bool coarse = level < 2;
    node = build.block(name + ".out", node, c, next, !coarse);
    node = build.enlarge(name + ".up", node);
  }
  node = build.residual("fine.a", node, config.fine_channels);
  node = build.block("fine.out", node, config.fine_channels, 3, false);
  node = graph->add("rgb", make_render(), {node, graph->tap("colours")});
  graph->keep_pixel_type(graph->tap("colours"));
  graph->keep_pixel_type(node);
  graph->name_tap("rgb", node);
  return graph;
}

std::vector<Shape> decoder_inputs(const DecoderConfig& config, int64_t n, int64_t h, int64_t w) {
  std::vector<Shape> shapes;
  const int64_t coarsest = int64_t{1} << config.taps.size();
  for (size_t i = 0; i < config.taps.size(); ++i) {
    const int64_t step = coarsest >> i;
    shapes.push_back({n, h / step, w / step, config.channels[i]});
  }
  for (int i = 0; i < config.noise_levels; ++i) {
    const int64_t step = coarsest >> i;
    shapes.push_back({n, h / step, w / step, config.noise_channels});
  }
  shapes.push_back({n, 1, 1, config.code_channels});
  shapes.push_back({n, 1, 1, 12});
  return shapes;
}

void initialise_decoder(Graph& graph, uint64_t seed) {
  const auto ends = [](const std::string& name, const std::string& with) {
    return name.size() >= with.size() &&
           name.compare(name.size() - with.size(), with.size(), with) == 0;
  };
  Random random(seed);
  for (Parameter& p : graph.parameters()) {
    const Shape& s = p.value.shape();
    if (s.rank() != 4) continue;
    double deviation = std::sqrt(2.0 / static_cast<double>(s[1] * s[2] * s[3]));
    if (ends(p.name, ".style.weight")) deviation *= 0.1;
    if (ends(p.name, ".gain.weight")) deviation *= 0.3;
    if (ends(p.name, "fine.out.weight")) deviation *= 0.1;  // a grey picture
    if (ends(p.name, ".a.weight") || ends(p.name, ".b.weight")) deviation *= 0.5;
    for (int64_t i = 0; i < s.size(); ++i) {
      p.value.data<float>()[i] = static_cast<float>(deviation * random.normal());
    }
  }
}

}  // namespace impasto
