// Every network that the models room builds tells what it is made of, in full: made again from that
// alone, it computes the same.

#include "nn/description.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"
#include "models/decoder.h"
#include "models/vgg.h"
#include "nn/plan.h"
#include "nn/rebuilt.h"

namespace impasto::test {
namespace {

struct Network {
  std::string name;
  std::shared_ptr<const Graph> graph;
  std::vector<Shape> inputs;
  std::string last;  // tap
};

std::shared_ptr<const Graph> with_values(const std::shared_ptr<Graph>& graph) {
  initialise(*graph, 7);
  return graph;
}

std::vector<Network> every_network() {
  VggConfig vgg = small_vgg_config();
  const auto decoder = with_values(make_decoder());
  const auto painting = make_painting_decoder(decoder->named_parameters(), "the decoder").graph;
  std::vector<Network> networks{
      {"reflect, max", with_values(make_vgg(vgg)), {{1, 33, 35, 3}}, "relu5_1"},
      {"decoder", decoder, decoder_inputs({}, 1, 32, 48), "rgb"},
      {"painting decoder", painting, painting_inputs({}, 32, 48), "rgb"}};
  vgg.padding = PadMode::zero;
  vgg.pooling = PoolKind::average;
  networks.push_back({"zero, average", with_values(make_vgg(vgg)), {{1, 33, 35, 3}}, "relu5_1"});
  return networks;
}

Tensor output_of(const Network& n, const std::shared_ptr<const Graph>& graph) {
  const auto backend = make_cpu_backend();
  Plan plan(graph, *backend, n.inputs, {DType::f32, {n.last}, false, false});
  for (size_t i = 0; i < n.inputs.size(); ++i) {
    Random random(3 + i);
    const Tensor input = plan.input(i);
    for (int64_t k = 0; k < input.size(); ++k) {
      input.data<float>()[k] = static_cast<float>(random.uniform());
    }
  }
  plan.forward();
  return plan.tap(n.last).clone();
}

TEST(NetworkDescription, TellsKindAttributesAndParametersOfEveryNode) {
  for (const Network& n : every_network()) {
    for (size_t i = n.graph->input_count(); i < n.graph->nodes().size(); ++i) {
      const Graph::Node& node = n.graph->nodes()[i];
      const std::string place = n.name + ": " + node.name;
      const LayerDescription d = node.layer->description();
      EXPECT_FALSE(d.kind.empty()) << place;
      std::set<std::string_view> names;
      for (const auto& [name, value] : d.attributes) {
        EXPECT_FALSE(name.empty()) << place;
        EXPECT_TRUE(names.insert(name).second) << place << " " << name;
      }
      const ParameterShapes parameters = node.layer->parameters();
      ASSERT_EQ(node.parameters.size(), parameters.size()) << place;
      for (size_t k = 0; k < parameters.size(); ++k) {
        const Parameter& p = n.graph->parameters()[static_cast<size_t>(node.parameters[k])];
        EXPECT_EQ(p.name, node.name + "." + parameters[k].first);
        EXPECT_EQ(p.value.shape(), parameters[k].second) << p.name;
      }
    }
  }
}

TEST(NetworkDescription, IsEnoughToMakeTheNetworkAgain) {
  for (const Network& n : every_network()) {
    const Tensor expected = output_of(n, n.graph), found = output_of(n, rebuilt(*n.graph));
    ASSERT_EQ(found.shape(), expected.shape()) << n.name;
    for (int64_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(found.at(i), expected.at(i)) << n.name << ", element " << i;
    }
  }
}

}  // namespace
}  // namespace impasto::test
