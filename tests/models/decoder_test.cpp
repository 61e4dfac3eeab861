// The decoder's graph: shapes, what its inputs change, and its gradients.

#include "models/decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "formats/expect_error.h"
#include "nn/plan.h"

namespace impasto::test {
namespace {

DecoderConfig tiny() {
  DecoderConfig config;
  config.taps = {"relu4_1", "relu3_1", "relu2_1"};
  config.channels = {4, 3, 2};
  config.residuals = {1, 2, 1};
  config.code_channels = 3;
  config.hidden_channels = 3;
  config.noise_channels = 2;
  config.noise_levels = 2;
  return config;
}

std::shared_ptr<Graph> with_values(std::shared_ptr<Graph> graph, DType type) {
  Random random(5);
  for (Parameter& p : graph->parameters()) {
    Tensor value(p.value.shape(), DType::f64);
    const double fan_in =
        p.value.shape().rank() == 4 ? static_cast<double>(value.size() / value.shape()[0]) : 25.0;
    for (int64_t i = 0; i < value.size(); ++i) {
      value.data<double>()[i] = random.normal() / std::sqrt(fan_in);
    }
    p.value = value.to(type);
  }
  return graph;
}

// All inputs random; input `changed`, if any, from other numbers.
void fill_inputs(Plan& plan, size_t count, int changed = -1) {
  for (size_t k = 0; k < count; ++k) {
    Random random(static_cast<int>(k) == changed ? 99 : 10 + k);
    const Tensor input = plan.input(k);
    Tensor values(input.shape(), DType::f64);
    for (int64_t i = 0; i < values.size(); ++i) values.data<double>()[i] = random.normal();
    input.copy_from(values);
  }
}

TEST(Decoder, PaintsAtSixteenTimesTheCoarsestResolution) {
  const DecoderConfig config;
  const auto graph = make_decoder(config);
  const auto backend = make_cpu_backend();
  const Plan plan(graph, *backend, decoder_inputs(config, 2, 48, 80),
                  {DType::f32, {"rgb"}, false, false});
  EXPECT_EQ(plan.tap_shape("rgb"), (Shape{2, 48, 80, 3}));
  EXPECT_EQ(plan.tap_shape("relu5_1"), (Shape{2, 3, 5, 128}));
  EXPECT_EQ(plan.tap_shape("relu2_1"), (Shape{2, 24, 40, 32}));
}

TEST(Decoder, FitsIntoWhatIsShipped) {
  int64_t count = 0;
  const auto graph = make_decoder();  // which the parameters are part of
  for (const Parameter& p : graph->parameters()) count += p.value.size();
  EXPECT_LT(count * 2, 3'300'000);  // bytes as bf16; 5 MB with the encoder
}

TEST(Decoder, ReadsEveryInput) {
  const DecoderConfig config = tiny();
  const auto graph = with_values(make_decoder(config), DType::f64);
  const auto backend = make_reference_backend();
  Plan plan(graph, *backend, decoder_inputs(config, 1, 16, 24),
            {DType::f64, {"rgb"}, false, false});
  const size_t inputs = graph->input_count();
  fill_inputs(plan, inputs);
  plan.forward();
  const Tensor before = plan.tap("rgb").clone();
  for (size_t k = 0; k < inputs; ++k) {
    fill_inputs(plan, inputs, static_cast<int>(k));
    plan.forward();
    double change = 0;
    for (int64_t i = 0; i < before.size(); ++i) {
      change = std::max(change, std::abs(before.at(i) - plan.tap("rgb").at(i)));
    }
    EXPECT_GT(change, 1e-3) << graph->nodes()[k].name;
  }
}

// Two pictures in a batch have styles of their own.
TEST(Decoder, KeepsThePicturesOfABatchApart) {
  const DecoderConfig config = tiny();
  const auto graph = with_values(make_decoder(config), DType::f32);
  const auto backend = make_cpu_backend();
  const PlanOptions options{DType::f32, {"rgb"}, false, false};
  Plan both(graph, *backend, decoder_inputs(config, 2, 16, 16), options);
  Plan one(graph, *backend, decoder_inputs(config, 1, 16, 16), options);
  fill_inputs(both, graph->input_count());
  std::vector<Tensor> second;
  for (size_t k = 0; k < graph->input_count(); ++k) {
    const Tensor t = both.input(k);
    second.push_back(t.slice(t.size() / 2, one.input(k).shape()).clone());
  }
  both.forward();
  for (size_t k = 0; k < second.size(); ++k) one.input(k).copy_from(second[k]);
  one.forward();
  const Tensor expected = one.tap("rgb"), found = both.tap("rgb");
  for (int64_t i = 0; i < expected.size(); ++i) {
    ASSERT_NEAR(found.at(expected.size() + i), expected.at(i), 1e-5);
  }
}

// What the painting form reads in place of a tap and the photograph's own features.
void fill_joined(Plan& steps, Plan& at_once, const PaintingDecoder& painting) {
  const size_t taps = painting.gains.size(), inputs = painting.graph->input_count();
  for (size_t k = taps; k < inputs; ++k) at_once.input(k).copy_from(steps.input(k + taps));
  for (size_t k = 0; k < taps; ++k) {
    const ContentGain& gain = painting.gains[k];
    const Tensor tap = steps.input(k).to(DType::f32), joined = tap.clone();
    const Tensor content = steps.input(k + taps).to(DType::f32);
    const int64_t c = gain.bias.size();
    for (int64_t i = 0; i < tap.size(); ++i) {
      double sum = tap.at(i) + gain.bias.at(i % c);
      for (int64_t from = 0; from < c; ++from) {
        sum += content.at(i / c * c + from) * gain.matrix.at(from * c + i % c);
      }
      joined.data<float>()[i] = static_cast<float>(sum);
    }
    at_once.input(k).copy_from(joined);
  }
}

// The painting form: other steps, the same picture.
TEST(Decoder, PaintsAtOnceWhatItPaintsStepByStep) {
  const auto decoder = with_values(make_decoder(), DType::f32);
  const PaintingDecoder painting = make_painting_decoder(decoder->named_parameters(), "the other");
  const auto backend = make_cpu_backend();
  for (const DType type : {DType::f32, DType::bf16}) {
    if (!backend->supports(type)) continue;
    const PlanOptions options{type, {"rgb"}, false, false};
    Plan steps(decoder, *backend, decoder_inputs({}, 1, 48, 272), options);
    Plan at_once(painting.graph, *backend, painting_inputs({}, 48, 272), options);
    fill_inputs(steps, decoder->input_count());
    fill_joined(steps, at_once, painting);
    steps.forward();
    at_once.forward();
    const Tensor expected = steps.tap("rgb"), found = at_once.tap("rgb");
    double squares = 0, differences = 0;
    for (int64_t i = 0; i < expected.size(); ++i) {
      squares += expected.at(i) * expected.at(i);
      differences += std::pow(found.at(i) - expected.at(i), 2);
    }
    EXPECT_GT(squares, 1);
    EXPECT_LT(std::sqrt(differences / squares), type == DType::bf16 ? 0.03 : 1e-5);
    EXPECT_LT(at_once.arena_bytes(), steps.arena_bytes());
  }
}

// sum(rgb^2) / 2, whose gradient is rgb itself, in f64: the rest is rounding.
TEST(Decoder, HasTheGradientsOfFiniteDifferences) {
  const DecoderConfig config = tiny();
  const auto graph = with_values(make_decoder(config), DType::f64);
  const auto backend = make_reference_backend();
  const auto shapes = decoder_inputs(config, 2, 16, 16);
  Plan plan(graph, *backend, shapes, {DType::f64, {"rgb"}, false, true});
  Plan forward(graph, *backend, shapes, {DType::f64, {"rgb"}, false, false});
  fill_inputs(plan, shapes.size());
  plan.forward();
  plan.backward([](const std::string&, const Tensor& rgb, const Tensor& gradient, bool) {
    gradient.copy_from(rgb);
  });
  const auto value = [&] {
    forward.parameters_changed();
    fill_inputs(forward, shapes.size());
    forward.forward();
    const Tensor rgb = forward.tap("rgb");
    double sum = 0;
    for (int64_t i = 0; i < rgb.size(); ++i) sum += 0.5 * rgb.at(i) * rgb.at(i);
    return sum;
  };
  Random random(2);
  for (size_t k = 0; k < graph->parameters().size(); ++k) {
    const Tensor& p = graph->parameters()[k].value;
    const int64_t i = random.below(p.size());  // one of each
    double& v = p.data<double>()[i];
    const double middle = v, step = 1e-5;
    v = middle + step;
    const double above = value();
    v = middle - step;
    const double below = value();
    v = middle;
    const double expected = (above - below) / (2 * step);
    EXPECT_NEAR(plan.parameter_gradient(k).at(i), expected,
                1e-6 * std::max(1.0, std::abs(expected)))
        << graph->parameters()[k].name << " " << i;
  }
}

TEST(Decoder, RefusesPlansWithTheWrongNumberOfInputs) {
  const auto backend = make_cpu_backend();
  expect_error(ErrorCode::internal, "15 inputs got 1", [&] {
    Plan(make_decoder(), *backend, Shape{1, 16, 16, 3}, {DType::f32, {"rgb"}, false, false});
  });
}

}  // namespace
}  // namespace impasto::test
