#include "models/style_network.h"

#include <cmath>
#include <cstdlib>

#include "base/random.h"
#include "models/mirrored_conv.h"

namespace impasto {

namespace {

// Where a convolution's gain and shift stand behind the graph's parameters: softer, then bolder.
constexpr size_t conditions = 4;

struct Condition {
  size_t first;  // of a convolution's four
  double away;   // -1 .. 1
};
Condition condition_at(double strength) {
  const double away = strength / 50 - 1;
  return {away < 0 ? size_t{0} : size_t{2}, away};
}

}  // namespace

StyleNetworkConfig style_network_config(NetworkWidth width) {
  switch (width) {
    case NetworkWidth::medium:
      return {{24, 48, 64}, 5};
    case NetworkWidth::large:
      return {{32, 64, 96}, 6};
    case NetworkWidth::small:
      break;
  }
  return {};
}

std::shared_ptr<Graph> make_style_network(const StyleNetworkConfig& config) {
  const auto graph = std::make_shared<Graph>();
  const auto [c1, c2, c3] = config.channels;
  const auto add = [&](const std::string& name, LayerPtr layer, std::vector<int> inputs) {
    return graph->add(name, std::move(layer), std::move(inputs));
  };
  const auto enlarged = [&](const std::string& name, int node) {
    return add(name + ".up", make_upsample(2, Interpolation::nearest), {node});
  };
  // About 0, of one size: what convolutions are begun for.
  const PixelConvention centred{{4, 0, 0, 0, 4, 0, 0, 0, 4}, {-2, -2, -2}};
  const int pixels = add("pixels", make_pixels(centred), {0});
  const int half = add("half", make_conv(mirrored_conv(3, c1, 3, true, 2)), {pixels});
  const int quarter = add("quarter", make_conv(mirrored_conv(c1, c2, 3, true, 2)), {half});
  int node = add("eighth", make_conv(mirrored_conv(c2, c3, 3, true, 2)), {quarter});
  for (int i = 0; i < config.blocks; ++i) {
    const std::string name = "block" + std::to_string(i + 1);
    const int inner = add(name + ".a", make_conv(mirrored_conv(c3, c3, 3, true)), {node});
    node = add(name, make_add(),
               {node, add(name + ".b", make_conv(mirrored_conv(c3, c3, 3, false)), {inner})});
  }
  node =
      add("to_quarter", make_conv(mirrored_conv(c3, c2, 3, true)), {enlarged("to_quarter", node)});
  node = add("at_quarter", make_add(), {node, quarter});
  node = add("to_half", make_conv(mirrored_conv(c2, c1, 3, true)), {enlarged("to_half", node)});
  node = add("at_half", make_add(), {node, half});
  node = add("to_whole", make_conv(mirrored_conv(c1, 3, 3, false)), {enlarged("to_whole", node)});
  const PixelConvention colours{{0.25F, 0, 0, 0, 0.25F, 0, 0, 0, 0.25F}, {0.5F, 0.5F, 0.5F}};
  node = add("rgb", make_colours(colours), {node});
  graph->keep_pixel_type(node);
  graph->name_tap("rgb", node);
  return graph;
}

std::shared_ptr<const Graph> graph_at(const StyleNetwork& network, double strength) {
  const std::shared_ptr<Graph> graph = make_style_network(network.config);
  network.parameters.fold(strength, *graph);
  return graph;
}

void initialise_style_network(Graph& graph, uint64_t seed) {
  Random random(seed);
  for (Parameter& p : graph.parameters()) {
    const Shape& s = p.value.shape();
    if (s.rank() != 4) continue;
    double deviation = std::sqrt(2.0 / static_cast<double>(s[1] * s[2] * s[3]));
    if (p.name.ends_with(".b.weight")) deviation *= 0.3;  // so that sums do not grow
    if (s[0] == 3) deviation *= 0.1;
    for (int64_t i = 0; i < s.size(); ++i) {
      p.value.data<float>()[i] = static_cast<float>(deviation * random.normal());
    }
  }
}

StyleParameters::StyleParameters(const Graph& graph)
    : convolutions_(graph.parameters().size() / 2), all_(graph.parameters()) {
  for (Parameter& p : all_) p.value = p.value.clone();
  for (size_t i = 0; i < convolutions_; ++i) {
    const Parameter& bias = graph.parameters()[2 * i + 1];
    const std::string name = bias.name.substr(0, bias.name.rfind('.'));
    for (const char* what : {".softer.gain", ".softer.shift", ".bolder.gain", ".bolder.shift"}) {
      Tensor zeros(bias.value.shape());
      zeros.fill(0);
      all_.push_back({name + what, zeros});
    }
  }
}

void StyleParameters::fold(double strength, Graph& graph) const {
  const auto [first, away] = condition_at(strength);
  for (size_t i = 0; i < convolutions_; ++i) {
    const Tensor &weight = all_[2 * i].value, &bias = all_[2 * i + 1].value;
    const size_t own = 2 * convolutions_ + conditions * i + first;
    const float *gain = all_[own].value.data<float>(), *shift = all_[own + 1].value.data<float>();
    const Tensor &to_weight = graph.parameters()[2 * i].value,
                 &to_bias = graph.parameters()[2 * i + 1].value;
    const int64_t outs = bias.size(), ins = weight.size() / outs;
    for (int64_t o = 0; o < outs; ++o) {
      const auto scale = static_cast<float>(1 + away * gain[o]);
      for (int64_t k = o * ins; k < (o + 1) * ins; ++k) {
        to_weight.data<float>()[k] = weight.data<float>()[k] * scale;
      }
      to_bias.data<float>()[o] = static_cast<float>(bias.data<float>()[o] + away * shift[o]);
    }
  }
}

void StyleParameters::gradients(double strength, const std::vector<Tensor>& of_graph,
                                const std::vector<Tensor>& of_all) const {
  const auto [first, away] = condition_at(strength);
  for (size_t i = 2 * convolutions_; i < of_all.size(); ++i) of_all[i].fill(0);
  for (size_t i = 0; i < convolutions_; ++i) {
    const Tensor& weight = all_[2 * i].value;
    const size_t own = 2 * convolutions_ + conditions * i + first;
    const float* gain = all_[own].value.data<float>();
    const float *dweight = of_graph[2 * i].data<float>(),
                *dbias = of_graph[2 * i + 1].data<float>();
    const int64_t outs = all_[2 * i + 1].value.size(), ins = weight.size() / outs;
    of_all[2 * i + 1].copy_from(of_graph[2 * i + 1]);
    for (int64_t o = 0; o < outs; ++o) {
      const auto scale = static_cast<float>(1 + away * gain[o]);
      double with_weight = 0;
      for (int64_t k = o * ins; k < (o + 1) * ins; ++k) {
        of_all[2 * i].data<float>()[k] = dweight[k] * scale;
        with_weight += static_cast<double>(dweight[k]) * weight.data<float>()[k];
      }
      of_all[own].data<float>()[o] = static_cast<float>(away * with_weight);
      of_all[own + 1].data<float>()[o] = static_cast<float>(away * dbias[o]);
    }
  }
}

}  // namespace impasto
