#include "models/decoder.h"

#include <cmath>

#include "base/random.h"

namespace impasto {

namespace {

// Appends the parts of a decoder to its graph: as single steps that have gradients, or those that a
// painter takes at once.
class Builder {
 public:
  Builder(const DecoderConfig& config, bool at_once, Graph& graph)
      : config_(config), at_once_(at_once), graph_(graph) {
    hidden_ = add("hidden", make_conv(conv(config.code_channels, config.hidden_channels, 1, true)),
                  {graph.tap("code")});
  }

  // Modulation, then a 3x3 convolution. Of 2 x 2 pixels for each of the node's, if it says so.
  int block(const std::string& name, int node, int in, int out, bool relu = true) {
    return modulated(name, node, {conv(in, out, 3, relu), false, false});
  }
  int residual(const std::string& name, int node, int channels, bool enlarge = false) {
    return modulated(name, node, {conv(channels, channels, 3, true), true, enlarge});
  }
  // The node enlarged, and what it meets there.
  int join(const std::string& name, int node, const std::vector<int>& others) {
    if (at_once_) {
      std::vector<int> inputs = {node};
      inputs.insert(inputs.end(), others.begin(), others.end());
      return add(name, make_add_enlarged(), inputs);
    }
    node = enlarged(name, node);
    for (const int other : others) node = sum(name, node, other);
    return node;
  }
  int sum(const std::string& name, int a, int b) { return add(name + ".add", make_add(), {a, b}); }
  int noise(const std::string& name, int channels) {
    return add(name + ".gain", make_conv(conv(config_.noise_channels, channels, 1, false)),
               {graph_.tap(name)});
  }

 private:
  int modulated(const std::string& name, int node, const ModulatedConvOptions& o) {
    const int in = o.conv.in_channels;
    const int style =
        add(name + ".style", make_conv(conv(config_.hidden_channels, 2 * in, 1, false)), {hidden_});
    if (at_once_) return add(name, make_modulated_conv(o), {node, style});
    if (o.enlarge) node = enlarged(name, node);
    const int result =
        add(name, make_conv(o.conv), {add(name + ".modulate", make_modulate(), {node, style})});
    return o.residual ? sum(name, node, result) : result;
  }
  int enlarged(const std::string& name, int node) {
    return add(name + ".up", make_upsample(2, Interpolation::nearest), {node});
  }
  int add(const std::string& name, LayerPtr layer, std::vector<int> inputs) {
    return graph_.add(name, std::move(layer), std::move(inputs));
  }
  static ConvOptions conv(int in, int out, int kernel, bool relu) {
    ConvOptions options;
    options.in_channels = in;
    options.out_channels = out;
    options.kernel = kernel;
    options.relu = relu;
    options.padding = kernel / 2;
    options.border = PadMode::reflect;
    return options;
  }

  const DecoderConfig& config_;
  const bool at_once_;
  Graph& graph_;
  int hidden_ = 0;
};

std::string numbered(const std::string& name, size_t i) {
  return name + std::to_string(i + 1);
}

std::shared_ptr<Graph> make(const DecoderConfig& config, bool at_once) {
  std::vector<std::string> inputs = config.taps;
  for (int i = 0; i < config.noise_levels; ++i) inputs.push_back(numbered("noise", i));
  inputs.insert(inputs.end(), {"code", "colours"});
  const auto graph = std::make_shared<Graph>(inputs);
  Builder build(config, at_once, *graph);

  int node = graph->tap(config.taps[0]);
  for (size_t level = 0; level < config.taps.size(); ++level) {
    const int c = config.channels[level];
    const bool finest = level + 1 == config.taps.size();
    const int next = finest ? config.fine_channels : config.channels[level + 1];
    const std::string name = numbered("level", level);
    std::vector<int> met;
    if (level > 0) met.push_back(graph->tap(config.taps[level]));
    if (static_cast<int>(level) < config.noise_levels) {
      met.push_back(build.noise(numbered("noise", level), c));
    }
    node = level > 0 ? build.join(name, node, met) : build.sum(name, node, met[0]);
    for (int i = 0; i < config.residuals[level]; ++i) {
      node = build.residual(name + "." + static_cast<char>('a' + i), node, c);
    }
    // A coarse level adds to the features below it, in both directions. (With a ReLU here, one bad
    // step early in training leaves only zeros, and no gradient ever brings the level back.)
    const bool coarse = level < 2;
    node = build.block(name + ".out", node, c, next, !coarse);
  }
  node = build.residual("fine.a", node, config.fine_channels, true);
  node = build.block("fine.out", node, config.fine_channels, 3, false);
  node = graph->add("rgb", make_render(), {node, graph->tap("colours")});
  graph->keep_pixel_type(graph->tap("colours"));
  graph->keep_pixel_type(node);
  graph->name_tap("rgb", node);
  return graph;
}

}  // namespace

std::shared_ptr<Graph> make_decoder(const DecoderConfig& config) {
  return make(config, false);
}

std::shared_ptr<Graph> make_painting_decoder(const DecoderConfig& config) {
  return make(config, true);
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
  Random random(seed);
  for (Parameter& p : graph.parameters()) {
    const Shape& s = p.value.shape();
    if (s.rank() != 4) continue;
    double deviation = std::sqrt(2.0 / static_cast<double>(s[1] * s[2] * s[3]));
    if (p.name.ends_with(".style.weight")) deviation *= 0.1;
    if (p.name.ends_with(".gain.weight")) deviation *= 0.3;
    if (p.name.ends_with("fine.out.weight")) deviation *= 0.1;  // a grey picture
    const bool residual = p.name.ends_with(".a.weight") || p.name.ends_with(".b.weight") ||
                          p.name.ends_with(".c.weight");
    if (residual) deviation *= 0.5;
    for (int64_t i = 0; i < s.size(); ++i) {
      p.value.data<float>()[i] = static_cast<float>(deviation * random.normal());
    }
  }
}

}  // namespace impasto
