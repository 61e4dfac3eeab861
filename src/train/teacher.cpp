#include "train/teacher.h"

#include <algorithm>

#include "formats/weights.h"
#include "impasto/error.h"
#include "zoo/vgg_file.h"

namespace impasto {

namespace {

const std::vector<std::string> shallow_taps = {"relu1_1", "relu2_1", "relu2_2", "relu3_1"};
const std::vector<std::string> deep_taps = {"relu4_1", "relu4_2", "relu5_1"};

}  // namespace

Teachers::Teachers(Backend& backend, const std::string& shallow, const std::string& deep)
    : backend_(backend) {
  const ImportedVgg vgg = read_vgg(shallow);
  const auto graph = make_vgg(vgg.config);
  graph->load(vgg.tensors, shallow);
  shallow_ = {graph, shallow_taps, {}};

  const NamedTensors deep_tensors = read_weights(deep);
  const ImportedVgg small = import_vgg(deep_tensors, {}, deep);
  const auto deep_graph = make_vgg(small.config);
  NamedTensors weights = small.tensors;
  deep_.taps.clear();
  for (const std::string& tap : deep_taps) {
    // conv41_aux maps relu4_1 to VGG-19's 512 channels; a tap without a map is taken as it is.
    const std::string place = {tap[4], tap[6]};
    const auto map = deep_tensors.find("conv" + place + "_aux.weight");
    std::string name = tap;
    if (map != deep_tensors.end()) {
      ConvOptions conv;
      conv.in_channels = static_cast<int>(map->second.shape()[1]);
      conv.out_channels = static_cast<int>(map->second.shape()[0]);
      conv.kernel = 1;
      const std::string node = "aux" + place;
      deep_graph->name_tap(node, deep_graph->add(node, make_conv(conv), {deep_graph->tap(tap)}));
      weights[node + ".weight"] = map->second;
      weights[node + ".bias"] = deep_tensors.at("conv" + place + "_aux.bias");
      name = node;
    }
    deep_.taps.push_back(name);
  }
  deep_graph->load(weights, deep);
  deep_.graph = deep_graph;

  // Channels are the same for any size: ask plans of a tiny picture.
  const Plan a(shallow_.graph, backend_, {1, 32, 32, 3}, {DType::f32, shallow_.taps, false, false});
  const Plan b(deep_.graph, backend_, {1, 32, 32, 3}, {DType::f32, deep_.taps, false, false});
  for (const std::string& tap : shallow_taps) {
    taps_.emplace_back(tap, static_cast<int>(a.tap_shape(tap).c()));
  }
  for (size_t i = 0; i < deep_taps.size(); ++i) {
    taps_.emplace_back(deep_taps[i], static_cast<int>(b.tap_shape(deep_.taps[i]).c()));
  }
}

void Teachers::run(Network& network, const Tensor& pictures, DType type) {
  if (!network.plan || !(network.plan->input_shape() == pictures.shape())) {
    network.plan.emplace(network.graph, backend_, pictures.shape(),
                         PlanOptions{type, network.taps, false, false});
  }
  network.plan->forward(pictures);
}

void Teachers::forward(const Tensor& pictures, DType type) {
  run(shallow_, pictures, type);
  run(deep_, pictures, type);
}

Tensor Teachers::features(const std::string& tap) const {
  const auto deep = std::find(deep_taps.begin(), deep_taps.end(), tap);
  if (deep != deep_taps.end()) {
    return deep_.plan->tap(deep_.taps[static_cast<size_t>(deep - deep_taps.begin())]);
  }
  return shallow_.plan->tap(tap);
}

}  // namespace impasto
