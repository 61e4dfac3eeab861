// The network for one style: its picture, and its parameters at any strength.

#include "models/style_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "nn/plan.h"

namespace impasto::test {
namespace {

StyleNetworkConfig tiny_style() {
  return {{4, 3, 2}, 1};
}

void fill(const Tensor& t, Random& random, double deviation) {
  for (int64_t i = 0; i < t.size(); ++i) {
    t.data<float>()[i] = static_cast<float>(deviation * random.normal());
  }
}

Tensor painted(const std::shared_ptr<Graph>& graph, const Tensor& picture) {
  const auto backend = make_cpu_backend();
  Plan plan(graph, *backend, picture.shape(), {DType::f32, {"rgb"}});
  plan.forward(picture);
  return plan.tap("rgb").clone();
}

TEST(StyleNetwork, PaintsPicturesOfTheSameSizeFirstGrey) {
  const auto graph = make_style_network({});
  initialise_style_network(*graph, 1);
  Random random(2);
  const Tensor picture({2, 40, 24, 3});
  for (int64_t i = 0; i < picture.size(); ++i) {
    picture.data<float>()[i] = static_cast<float>(random.uniform());
  }
  const Tensor rgb = painted(graph, picture);
  EXPECT_EQ(rgb.shape(), picture.shape());
  double most = 0;
  for (int64_t i = 0; i < rgb.size(); ++i) most = std::max(most, std::abs(rgb.at(i) - 0.5));
  EXPECT_LT(most, 0.5);
  EXPECT_GT(most, 0.01);
}

TEST(StyleNetwork, IsSmall) {
  int64_t count = 0;
  const auto graph = make_style_network({});
  const StyleParameters parameters(*graph);
  for (const Parameter& p : parameters.all()) count += p.value.size();
  EXPECT_LT(2 * count, 250'000) << "bytes of bf16";
}

class StyleParametersTest : public testing::TestWithParam<double> {
 protected:
  StyleParametersTest() : parameters_(*graph_) {
    for (Parameter& p : parameters_.all()) fill(p.value, random_, 0.5);
    for (const Parameter& p : graph_->parameters()) {
      slopes_.emplace_back(p.value.shape());
      fill(slopes_.back(), random_, 1);
    }
  }
  // A loss that is linear in the graph's parameters.
  double loss() {
    parameters_.fold(GetParam(), *graph_);
    double sum = 0;
    for (size_t i = 0; i < slopes_.size(); ++i) {
      for (int64_t k = 0; k < slopes_[i].size(); ++k) {
        sum += slopes_[i].at(k) * graph_->parameters()[i].value.at(k);
      }
    }
    return sum;
  }

  Random random_{3};
  std::shared_ptr<Graph> graph_ = make_style_network(tiny_style());
  StyleParameters parameters_;
  std::vector<Tensor> slopes_;
};

TEST_P(StyleParametersTest, HaveTheGradientsOfFiniteDifferences) {
  std::vector<Tensor> gradients;
  for (const Parameter& p : parameters_.all())
    gradients.push_back(Tensor::full(p.value.shape(), 9));
  parameters_.gradients(GetParam(), slopes_, gradients);
  constexpr float step = 1.0f / 64;  // exact, as the loss is linear in each
  for (size_t i = 0; i < gradients.size(); ++i) {
    const Parameter& p = parameters_.all()[i];
    for (int64_t k = 0; k < p.value.size(); ++k) {
      float& value = p.value.data<float>()[k];
      const float middle = value;
      value = middle + step;
      const double above = loss();
      value = middle - step;
      const double below = loss();
      value = middle;
      ASSERT_NEAR(gradients[i].at(k), (above - below) / (2 * step), 2e-3) << p.name << " " << k;
    }
  }
}

TEST_P(StyleParametersTest, AreTheirOwnInTheMiddle) {
  parameters_.fold(GetParam(), *graph_);
  bool same = true;
  for (size_t i = 0; i < graph_->parameters().size(); ++i) {
    const Tensor &of_graph = graph_->parameters()[i].value, &own = parameters_.all()[i].value;
    for (int64_t k = 0; k < own.size(); ++k) same = same && of_graph.at(k) == own.at(k);
  }
  EXPECT_EQ(same, GetParam() == 50);
}

INSTANTIATE_TEST_SUITE_P(Strengths, StyleParametersTest, testing::Values(0.0, 20.0, 50.0, 85.0));

}  // namespace
}  // namespace impasto::test
