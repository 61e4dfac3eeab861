#include "models/decoder.h"

#include <cmath>

#include "base/random.h"
#include "models/mirrored_conv.h"

namespace impasto {

namespace {

// Appends a convolution of 1x1 of an input.
int add_gain(Graph& graph, const std::string& input, int in, int out) {
  return graph.add(input + ".gain", make_conv(mirrored_conv(in, out, 1, false)),
                   {graph.tap(input)});
}

// Appends the parts of a decoder to its graph: as single steps that have gradients, or those that a
// painter takes at once.
class Builder {
 public:
  Builder(const DecoderConfig& config, bool at_once, Graph& graph)
      : config_(config), at_once_(at_once), graph_(graph) {
    hidden_ = add("hidden",
                  make_conv(mirrored_conv(config.code_channels, config.hidden_channels, 1, true)),
                  {graph.tap("code")});
  }

  // Modulation, then a 3x3 convolution.
  int block(const std::string& name, int node, int in, int out, bool relu = true) {
    return modulated(name, node, {mirrored_conv(in, out, 3, relu), false});
  }
  int residual(const std::string& name, int node, int channels) {
    return modulated(name, node, {mirrored_conv(channels, channels, 3, true), true});
  }
  // The node enlarged, and what it meets there.
  int join(const std::string& name, int node, const std::vector<int>& others) {
    if (at_once_) {
      std::vector<int> inputs = {node};
      inputs.insert(inputs.end(), others.begin(), others.end());
      return add(name, make_add_enlarged(), inputs);
    }
    return sum(name, add(name + ".up", make_upsample(2, Interpolation::nearest), {node}), others);
  }
  int sum(const std::string& name, int node, const std::vector<int>& others) {
    for (const int other : others) node = add(name + ".add", make_add(), {node, other});
    return node;
  }

 private:
  int modulated(const std::string& name, int node, const ModulatedConvOptions& o) {
    const int in = o.conv.in_channels;
    const int style =
        add(name + ".style", make_conv(mirrored_conv(config_.hidden_channels, 2 * in, 1, false)),
            {hidden_});
    if (at_once_) return add(name, make_modulated_conv(o), {node, style});
    const int result =
        add(name, make_conv(o.conv), {add(name + ".modulate", make_modulate(), {node, style})});
    return o.residual ? sum(name, node, {result}) : result;
  }
  int add(const std::string& name, LayerPtr layer, std::vector<int> inputs) {
    return graph_.add(name, std::move(layer), std::move(inputs));
  }
  const DecoderConfig& config_;
  const bool at_once_;
  Graph& graph_;
  int hidden_ = 0;
};

std::string numbered(const std::string& name, size_t i) {
  return name + std::to_string(i + 1);
}

std::vector<std::string> contents_of(const DecoderConfig& config) {
  std::vector<std::string> names;
  for (size_t i = 0; i < config.taps.size(); ++i) names.push_back(numbered("content", i));
  return names;
}

std::shared_ptr<Graph> make(const DecoderConfig& config, bool at_once) {
  std::vector<std::string> inputs = config.taps;
  if (!at_once) {
    const std::vector<std::string> contents = contents_of(config);
    inputs.insert(inputs.end(), contents.begin(), contents.end());
  }
  for (int i = 0; i < config.noise_levels; ++i) inputs.push_back(numbered("noise", i));
  inputs.insert(inputs.end(), {"code", "colours"});
  const auto graph = std::make_shared<Graph>(inputs);
  Builder build(config, at_once, *graph);

  int node = graph->tap(config.taps[0]);
  for (size_t level = 0; level < config.taps.size(); ++level) {
    const int c = config.channels[level];
    const bool finest = level + 1 == config.taps.size();
    const int next = finest ? 3 : config.channels[level + 1];
    const std::string name = numbered("level", level);
    std::vector<int> met;
    if (level > 0) met.push_back(graph->tap(config.taps[level]));
    if (!at_once) met.push_back(add_gain(*graph, numbered("content", level), c, c));
    if (static_cast<int>(level) < config.noise_levels) {
      met.push_back(add_gain(*graph, numbered("noise", level), config.noise_channels, c));
    }
    node = level > 0 ? build.join(name, node, met) : build.sum(name, node, met);
    for (int i = 0; i < config.residuals[level]; ++i) {
      node = build.residual(name + "." + static_cast<char>('a' + i), node, c);
    }
    // A coarse level adds to the features below it, in both directions. (With a ReLU here, one bad
    // step early in training leaves only zeros, and no gradient ever brings the level back.)
    const bool coarse = level < 2;
    node = build.block(name + ".out", node, c, next, !coarse && !finest);
  }
  node = graph->add("rgb", make_render(), {node, graph->tap("colours")});
  graph->keep_pixel_type(graph->tap("colours"));
  graph->keep_pixel_type(node);
  graph->name_tap("rgb", node);
  return graph;
}

// Taps so many times, and the rest.
std::vector<Shape> inputs_of(const DecoderConfig& config, int times, int64_t n, int64_t h,
                             int64_t w) {
  std::vector<Shape> shapes;
  const int64_t coarsest = int64_t{1} << (config.taps.size() - 1);
  for (int k = 0; k < times; ++k) {
    for (size_t i = 0; i < config.taps.size(); ++i) {
      const int64_t step = coarsest >> i;
      shapes.push_back({n, h / step, w / step, config.channels[i]});
    }
  }
  for (int i = 0; i < config.noise_levels; ++i) {
    const int64_t step = coarsest >> i;
    shapes.push_back({n, h / step, w / step, config.noise_channels});
  }
  shapes.push_back({n, 1, 1, config.code_channels});
  shapes.push_back({n, 1, 1, 12});
  return shapes;
}

}  // namespace

std::shared_ptr<Graph> make_decoder(const DecoderConfig& config) {
  return make(config, false);
}

PaintingDecoder make_painting_decoder(const NamedTensors& tensors, const std::string& source,
                                      const DecoderConfig& config) {
  const auto graph = make(config, true);
  graph->load(tensors, source);
  const std::vector<std::string> contents = contents_of(config);
  Graph gains(contents);
  for (size_t i = 0; i < contents.size(); ++i) {
    add_gain(gains, contents[i], config.channels[i], config.channels[i]);
  }
  gains.load(tensors, source);
  const NamedTensors parameters = gains.named_parameters();
  PaintingDecoder decoder{graph, {}};
  for (const std::string& content : contents) {
    const Tensor& weight = parameters.at(content + ".gain.weight");  // [to, from, 1, 1]
    const int64_t c = weight.shape()[0];
    const Tensor matrix({c, c});
    for (int64_t to = 0; to < c; ++to) {
      for (int64_t from = 0; from < c; ++from) {
        matrix.data<float>()[from * c + to] = weight.data<float>()[to * c + from];
      }
    }
    decoder.gains.push_back({matrix, parameters.at(content + ".gain.bias")});
  }
  return decoder;
}

std::vector<Shape> decoder_inputs(const DecoderConfig& config, int64_t n, int64_t h, int64_t w) {
  return inputs_of(config, 2, n, h, w);
}

std::vector<Shape> painting_inputs(const DecoderConfig& config, int64_t h, int64_t w) {
  return inputs_of(config, 1, 1, h, w);
}

void initialise_decoder(Graph& graph, uint64_t seed) {
  Random random(seed);
  for (Parameter& p : graph.parameters()) {
    const Shape& s = p.value.shape();
    if (s.rank() != 4) continue;
    double deviation = std::sqrt(2.0 / static_cast<double>(s[1] * s[2] * s[3]));
    if (p.name.ends_with(".style.weight")) deviation *= 0.1;
    if (p.name.ends_with(".gain.weight")) deviation *= 0.3;
    if (s[0] == 3) deviation *= 0.1;  // a grey picture
    const bool residual = p.name[p.name.size() - sizeof(".a.weight") + 1] == '.';
    if (residual) deviation *= 0.5;
    for (int64_t i = 0; i < s.size(); ++i) {
      p.value.data<float>()[i] = static_cast<float>(deviation * random.normal());
    }
  }
}

}  // namespace impasto
