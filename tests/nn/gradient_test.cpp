// Gradients of whole networks against central differences, in f64 on the reference backend.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "nn/networks.h"

namespace impasto::test {
namespace {

struct NetworkCase {
  std::string name;
  std::function<GraphPtr()> make;
  Shape picture;
  std::vector<std::string> taps;
};

std::ostream& operator<<(std::ostream& out, const NetworkCase& c) {
  return out << c.name;
}

// Two strands that read the same nodes several times and meet again: fan-out, concatenation, sums
// (once of a node with itself), enlargement, normalisation; a branch that no tap reads.
GraphPtr branching_graph() {
  auto g = std::make_shared<Graph>();
  const int pixels = g->add("pixels", make_pixels({}), {0});
  const int a = g->add("a", make_conv({3, 4, 3, 2, 1, true}), {pixels});
  const int b = g->add("b", make_conv({4, 4, 3, 1, 1, false}), {a});
  const int norm = g->add("norm", make_instance_norm(), {b});
  const int affine = g->add("affine", make_affine(4), {norm});
  const int sum = g->add("sum", make_add(), {affine, a});
  const int twice = g->add("twice", make_add(), {sum, sum});
  const int up = g->add("up", make_upsample(2, Interpolation::nearest), {twice});
  const int smooth = g->add("smooth", make_upsample(2, Interpolation::bilinear), {a});
  const int joined = g->add("joined", make_concat(), {up, smooth});
  g->add("unread", make_conv({8, 2, 1, 1, 0, true}), {joined});
  const int out = g->add("out", make_conv({8, 3, 3, 1, 1, false}), {joined});
  const int squashed = g->add("squashed", make_tanh(), {out});
  const int scaled = g->add("scaled", make_scale(0.7f), {squashed});
  g->add("after", make_conv({3, 2, 1, 1, 0, false}), {scaled});
  g->name_tap("picture", 0);
  g->name_tap("a", a);
  g->name_tap("sum", sum);
  g->name_tap("joined", joined);
  g->name_tap("scaled", scaled);
  return g;
}

// Depthwise, then in two groups; mirrored and circular borders, a stride.
GraphPtr grouped_graph() {
  auto g = std::make_shared<Graph>();
  const int a = g->add("a", make_conv({3, 6, 1, 1, 0, false}), {0});
  const int b = g->add("b", make_conv({6, 6, 3, 1, 1, true, PadMode::reflect, 6}), {a});
  const int c = g->add("c", make_conv({6, 4, 3, 2, 1, true, PadMode::circular, 2}), {b});
  g->name_tap("b", b);
  g->name_tap("c", c);
  return g;
}

// Down and up again, as networks for one style.
GraphPtr painting_graph() {
  auto g = std::make_shared<Graph>();
  const int pixels = g->add("pixels", make_pixels({}), {0});
  const int half = g->add("half", make_conv({3, 4, 3, 2, 1, true}), {pixels});
  const int up = g->add("up", make_upsample(2, Interpolation::nearest), {half});
  const int out = g->add("out", make_conv({4, 3, 3, 1, 1, false}), {up});
  const PixelConvention colours{{0.5f, 0.1f, 0, -0.2f, 0.4f, 0, 0.3f, 0, 0.6f}, {0.1f, 0.2f, 0.3f}};
  const int rgb = g->add("rgb", make_colours(colours), {out});
  g->keep_pixel_type(rgb);
  g->name_tap("rgb", rgb);
  return g;
}

std::vector<NetworkCase> network_cases() {
  std::vector<NetworkCase> cases;
  for (const PadMode pad : {PadMode::zero, PadMode::reflect}) {
    for (const PoolKind pool : {PoolKind::max, PoolKind::average}) {
      cases.push_back({std::string("vgg_") + (pad == PadMode::zero ? "zero" : "reflect") +
                           (pool == PoolKind::max ? "_max" : "_average"),
                       [=] { return make_vgg(tiny_vgg(pad, pool)); },
                       {1, 9, 7, 3},
                       {"relu1_2", "relu2_1", "relu3_1"}});
    }
  }
  const auto vgg = [] { return make_vgg(tiny_vgg(PadMode::reflect, PoolKind::max)); };
  cases.push_back({"vgg_last_tap_only", vgg, {1, 8, 6, 3}, {"relu3_1"}});
  cases.push_back({"vgg_first_tap_only", vgg, {1, 5, 6, 3}, {"relu1_1"}});
  cases.push_back({"vgg_taps_in_any_order", vgg, {1, 6, 5, 3}, {"relu2_1", "relu1_1"}});
  cases.push_back({"vgg_of_three_pixels", vgg, {1, 3, 3, 3}, {"relu1_1", "relu3_1"}});
  cases.push_back({"vgg_of_two_pictures", vgg, {2, 5, 4, 3}, {"relu2_1"}});
  const Shape picture{1, 8, 6, 3};
  cases.push_back({"branches", branching_graph, picture, {"scaled"}});
  cases.push_back(
      {"branches_all_taps", branching_graph, picture, {"picture", "a", "sum", "joined", "scaled"}});
  cases.push_back({"branches_inner_taps", branching_graph, picture, {"a", "sum"}});
  cases.push_back({"branches_of_two_pictures", branching_graph, {2, 4, 6, 3}, {"sum", "scaled"}});
  cases.push_back({"painting", painting_graph, {2, 6, 4, 3}, {"rgb"}});
  cases.push_back({"groups", grouped_graph, {2, 5, 6, 3}, {"b", "c"}});
  return cases;
}

class NetworkGradient : public testing::TestWithParam<NetworkCase> {
 protected:
  const UseThreads one_{1};  // waking another takes longer than such a network

  Plan plan(bool input, bool parameters) {
    return Plan(graph_, *backend_, GetParam().picture,
                {DType::f64, GetParam().taps, input, parameters});
  }
  double loss(Plan& p) { return total_loss(p, GetParam().taps, picture_); }

  // The loss is quadratic but for the kinks of ReLU and maximum, which no step of 1e-6 crosses at
  // these seeds, and tanh and normalisation: an error of rounding, about 1e-16 * loss / step.
  double difference(Plan& p, double& value) {
    constexpr double step = 1e-6;
    const double middle = value;
    value = middle + step;
    p.parameters_changed();
    const double above = loss(p);
    value = middle - step;
    p.parameters_changed();
    const double below = loss(p);
    value = middle;
    return (above - below) / (2 * step);
  }

  void expect_gradient(const Tensor& found, const Tensor& x, const std::string& what) {
    Plan forward = plan(false, false);
    Tensor expected(x.shape(), DType::f64);
    double largest = 0;
    for (int64_t i = 0; i < x.size(); ++i) {
      expected.data<double>()[i] = difference(forward, x.data<double>()[i]);
      largest = std::max(largest, std::abs(expected.at(i)));
    }
    for (int64_t i = 0; i < x.size(); ++i) {
      ASSERT_NEAR(found.at(i), expected.at(i), 1e-7 * std::max(largest, 1.0))
          << what << " " << x.shape().str() << ", element " << i;
    }
  }

  std::unique_ptr<Backend> backend_ = make_reference_backend();
  GraphPtr graph_ = with_parameters(GetParam().make(), 3, DType::f64);
  Tensor picture_ = random_picture(GetParam().picture, DType::f64, 4);
};

TEST_P(NetworkGradient, AgreesWithFiniteDifferences) {
  Plan p = plan(true, true);
  p.forward(picture_);
  const Tensor gradient = p.backward(TapLoss::gradient);
  ASSERT_EQ(gradient.shape(), picture_.shape());
  expect_gradient(gradient, picture_, "picture");
  for (size_t i = 0; i < graph_->parameters().size(); ++i) {
    expect_gradient(p.parameter_gradient(i), graph_->parameters()[i].value,
                    graph_->parameters()[i].name);
  }
}

// What is not asked for is neither kept nor computed; the rest must not change by that.
TEST_P(NetworkGradient, IsTheSameWhenOnlyOneKindIsWanted) {
  Plan both = plan(true, true), picture_only = plan(true, false),
       parameters_only = plan(false, true);
  for (Plan* p : {&both, &picture_only, &parameters_only}) p->forward(picture_);
  const Tensor expected = both.backward(TapLoss::gradient);
  const Tensor found = picture_only.backward(TapLoss::gradient);
  for (int64_t i = 0; i < expected.size(); ++i) ASSERT_EQ(found.at(i), expected.at(i)) << i;
  EXPECT_FALSE(parameters_only.backward(TapLoss::gradient));
  for (size_t k = 0; k < graph_->parameters().size(); ++k) {
    const Tensor &a = both.parameter_gradient(k), &b = parameters_only.parameter_gradient(k);
    for (int64_t i = 0; i < a.size(); ++i) ASSERT_EQ(a.at(i), b.at(i)) << k << " " << i;
  }
}

// The callback: each tap once, last layer first, with its own features.
TEST_P(NetworkGradient, AsksForEveryTapOnceFromTheEnd) {
  Plan p = plan(true, false);
  p.forward(picture_);
  std::vector<Tensor> features;
  for (const std::string& tap : GetParam().taps) features.push_back(p.tap(tap).clone());
  std::vector<std::string> asked;
  p.backward([&](const std::string& tap, const Tensor& f, const Tensor& df, bool accumulate) {
    const auto at = std::find(GetParam().taps.begin(), GetParam().taps.end(), tap);
    ASSERT_NE(at, GetParam().taps.end());
    const Tensor& expected = features[static_cast<size_t>(at - GetParam().taps.begin())];
    EXPECT_EQ(df.shape(), expected.shape());
    for (int64_t i = 0; i < f.size(); ++i) ASSERT_EQ(f.at(i), expected.at(i)) << tap;
    if (!asked.empty()) {
      EXPECT_GT(graph_->tap(asked.back()), graph_->tap(tap));
    }
    asked.push_back(tap);
    TapLoss::gradient(tap, f, df, accumulate);
  });
  EXPECT_EQ(asked.size(), GetParam().taps.size());
}

INSTANTIATE_TEST_SUITE_P(Networks, NetworkGradient, testing::ValuesIn(network_cases()),
                         [](const auto& tested) { return tested.param.name; });

// A tap whose loss has nothing to say adds nothing, wherever it is; all of them together: 0.
TEST(PlanGradient, IsUnmovedByTapsWithoutContribution) {
  const auto backend = make_reference_backend();
  const auto graph =
      with_parameters(make_vgg(tiny_vgg(PadMode::zero, PoolKind::max)), 3, DType::f64);
  const Tensor picture = random_picture({1, 7, 9, 3}, DType::f64, 4);
  const auto run = [&](const std::vector<std::string>& taps, const std::string& speaking) {
    Plan p(graph, *backend, picture.shape(), {DType::f64, taps, true, false});
    p.forward(picture);
    return p.backward(
        [&](const std::string& tap, const Tensor& f, const Tensor& df, bool accumulate) {
          if (tap == speaking) return TapLoss::gradient(tap, f, df, accumulate);
          if (!accumulate) df.fill(0);
        });
  };
  const Tensor expected = run({"relu2_1"}, "relu2_1");
  const Tensor found = run({"relu1_1", "relu2_1", "relu3_1"}, "relu2_1");
  for (int64_t i = 0; i < expected.size(); ++i) ASSERT_DOUBLE_EQ(found.at(i), expected.at(i));
  const Tensor silent = run({"relu1_1", "relu3_1"}, "");
  for (int64_t i = 0; i < silent.size(); ++i) ASSERT_EQ(silent.at(i), 0);
}

// Parameters that no tap depends on: a gradient of exactly 0.
TEST(PlanGradient, OfParametersThatNoTapReadsIsZero) {
  const auto backend = make_reference_backend();
  const auto graph = with_parameters(branching_graph(), 3, DType::f64);
  const Tensor picture = random_picture({1, 4, 6, 3}, DType::f64, 4);
  Plan p(graph, *backend, picture.shape(), {DType::f64, {"scaled"}, false, true});
  for (int run = 0; run < 2; ++run) {
    p.forward(picture);
    p.backward(TapLoss::gradient);
  }
  int unread = 0;
  for (size_t k = 0; k < graph->parameters().size(); ++k) {
    const std::string& name = graph->parameters()[k].name;
    double largest = 0;
    const Tensor& g = p.parameter_gradient(k);
    for (int64_t i = 0; i < g.size(); ++i) largest = std::max(largest, std::abs(g.at(i)));
    const bool read = name.rfind("unread", 0) != 0 && name.rfind("after", 0) != 0;
    // Normalisation swallows b's bias: what is left of that is rounding.
    if (!read) {
      EXPECT_EQ(largest, 0) << name;
    } else if (name != "b.bias") {
      EXPECT_GT(largest, 1e-6) << name;
    }
    unread += !read;
  }
  EXPECT_EQ(unread, 4);
}

}  // namespace
}  // namespace impasto::test
