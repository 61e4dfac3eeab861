#include "nn/graph.h"

#include <gtest/gtest.h>

#include <array>

#include "formats/expect_error.h"
#include "nn/networks.h"

namespace impasto::test {
namespace {

GraphPtr network() {
  return make_vgg(tiny_vgg(PadMode::zero, PoolKind::max));
}

TEST(Graph, NamesItsParametersAndTaps) {
  const GraphPtr g = network();
  std::vector<std::string> names;
  for (const auto& [name, tensor] : g->named_parameters()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"conv1_1.bias", "conv1_1.weight", "conv1_2.bias",
                                             "conv1_2.weight", "conv2_1.bias", "conv2_1.weight",
                                             "conv3_1.bias", "conv3_1.weight"}));
  EXPECT_EQ(g->named_parameters().at("conv2_1.weight").shape(), (Shape{5, 3, 3, 3}));
  std::vector<std::string> taps;
  for (const auto& [tap, node] : g->taps()) taps.push_back(tap);
  EXPECT_EQ(taps, (std::vector<std::string>{"relu1_1", "relu1_2", "relu2_1", "relu3_1"}));
}

TEST(Graph, LoadsWhatItGave) {
  const GraphPtr from = with_parameters(network(), 3, DType::f32), to = network();
  NamedTensors tensors = from->named_parameters();
  tensors["something.else"] = Tensor::zeros({2});  // of the same file, not ours
  to->load(tensors, "weights.pth");
  for (size_t k = 0; k < to->parameters().size(); ++k) {
    const Tensor &a = to->parameters()[k].value, &b = from->parameters()[k].value;
    EXPECT_NE(a.raw(), b.raw()) << "values are copied, not shared";
    for (int64_t i = 0; i < a.size(); ++i) ASSERT_EQ(a.at(i), b.at(i));
  }
}

TEST(Graph, RefusesWhatDoesNotFit) {
  const GraphPtr g = network();
  NamedTensors missing = g->named_parameters(), wrong = missing, turned = missing;
  missing.erase("conv2_1.bias");
  expect_error(ErrorCode::input, "w.pth: has no tensor 'conv2_1.bias' of shape 5",
               [&] { g->load(missing, "w.pth"); });
  wrong["conv1_2.weight"] = Tensor::zeros({3, 4, 5, 5});
  expect_error(ErrorCode::input, "w.pth: 'conv1_2.weight' should be 3x4x3x3, found 3x4x5x5",
               [&] { g->load(wrong, "w.pth"); });
  turned["conv1_2.bias"] = Tensor::zeros({1, 3});  // as many elements, another shape
  expect_error(ErrorCode::input, "should be 3, found 1x3", [&] { g->load(turned, "w.pth"); });
}

TEST(Graph, ListsItsTapsForAnUnknownOne) {
  expect_error(ErrorCode::usage, "no layer 'conv1_1'; it has relu1_1, relu1_2, relu2_1, relu3_1",
               [] { network()->tap("conv1_1"); });
}

TEST(Graph, InitialisesTheSameForASeed) {
  const GraphPtr a = network(), b = network(), c = network();
  initialise(*a, 1);
  initialise(*b, 1);
  initialise(*c, 2);
  const auto weight = [](const GraphPtr& g) { return g->named_parameters().at("conv2_1.weight"); };
  double squares = 0;
  bool differs = false;
  for (int64_t i = 0; i < weight(a).size(); ++i) {
    ASSERT_EQ(weight(a).at(i), weight(b).at(i));
    differs |= weight(a).at(i) != weight(c).at(i);
    squares += weight(a).at(i) * weight(a).at(i);
  }
  EXPECT_TRUE(differs);
  // Variance 2 / fan-in.
  EXPECT_NEAR(squares / static_cast<double>(weight(a).size()) * 27 / 2, 1, 0.3);
}

TEST(GroupedConvolution, HasWeightsForTheChannelsOfAGroup) {
  const auto shape = [](const ConvOptions& o) { return make_conv(o)->parameters()[0].second; };
  EXPECT_EQ(shape({6, 4, 3, 1, 1, false, PadMode::zero, 2}), (Shape{4, 3, 3, 3}));
  EXPECT_EQ(shape({6, 12, 3, 1, 1, false, PadMode::zero, 6}), (Shape{12, 1, 3, 3}));
}

TEST(GroupedConvolution, RefusesGroupsThatDoNotDivideTheChannels) {
  for (const auto& [in, out, groups] : {std::array{6, 4, 3}, {4, 6, 4}, {4, 4, 0}, {4, 4, -2}}) {
    const ConvOptions o{in, out, 3, 1, 1, false, PadMode::reflect, groups};
    const std::string what = std::to_string(groups) + " groups";
    expect_error(ErrorCode::internal, what, [&] { make_conv(o); });
    expect_error(ErrorCode::internal, what, [&] { make_modulated_conv({o, false}); });
  }
}

}  // namespace
}  // namespace impasto::test
