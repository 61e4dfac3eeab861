// What a plan promises beside its numbers: memory, repeatability, errors.

#include "nn/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/parallel.h"
#include "formats/expect_error.h"
#include "nn/networks.h"

namespace impasto::test {
namespace {

const std::vector<std::string> all_taps = {"relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"};

GraphPtr small_network() {
  static const GraphPtr graph = with_parameters(make_vgg(small_vgg_config()), 5, DType::f32);
  return graph;
}

struct Answer {
  std::vector<Tensor> taps;
  Tensor gradient;
};

Answer answer_of(Backend& backend, DType type, const Tensor& picture) {
  Plan plan(small_network(), backend, picture.shape(), {type, all_taps, true, false});
  plan.forward(picture);
  Answer answer;
  for (const std::string& tap : all_taps) answer.taps.push_back(plan.tap(tap).to(DType::f32));
  answer.gradient = plan.backward(TapLoss::gradient).clone();
  return answer;
}

// Root mean square of the difference over that of the expected values.
double relative_difference(const Tensor& found, const Tensor& expected) {
  double difference = 0, size = 0;
  for (int64_t i = 0; i < expected.size(); ++i) {
    difference += (found.at(i) - expected.at(i)) * (found.at(i) - expected.at(i));
    size += expected.at(i) * expected.at(i);
  }
  return std::sqrt(difference / size);
}

void expect_near(const Answer& found, const Answer& expected, double taps, double gradient) {
  for (size_t k = 0; k < all_taps.size(); ++k) {
    EXPECT_LT(relative_difference(found.taps[k], expected.taps[k]), taps) << all_taps[k];
  }
  EXPECT_LT(relative_difference(found.gradient, expected.gradient), gradient);
}

// Odd sizes, so that every pooling leaves something out.
class PlanOnCpu : public testing::Test {
 protected:
  std::unique_ptr<Backend> cpu_ = make_cpu_backend(), reference_ = make_reference_backend();
  Tensor picture_ = random_picture({1, 37, 27, 3}, DType::f32, 9);
};

// Sums in another order: some 1e-7 a layer. A maximum whose candidates are that close may change
// places and moves a whole gradient, hence the wider bound there.
TEST_F(PlanOnCpu, AgreesWithTheReferenceInF32) {
  expect_near(answer_of(*cpu_, DType::f32, picture_), answer_of(*reference_, DType::f32, picture_),
              3e-6, 1e-4);
}

// Rounding to 8 bits after every layer, and maxima that change places by it, take the features some
// per cent away from the exact ones, and the gradient some ten. The cpu backend's accumulators
// round as well, but in f32: it must not be noticeably farther away than the reference's bf16.
TEST_F(PlanOnCpu, IsAsCloseAsTheReferenceInBf16) {
  if (!cpu_->supports(DType::bf16)) GTEST_SKIP() << "this processor's backend has no bf16";
  const Answer found = answer_of(*cpu_, DType::bf16, picture_),
               reference = answer_of(*reference_, DType::bf16, picture_),
               exact = answer_of(*reference_, DType::f32, picture_);
  for (size_t k = 0; k < all_taps.size(); ++k) {
    const double unavoidable = relative_difference(reference.taps[k], exact.taps[k]);
    EXPECT_LT(unavoidable, 0.02) << all_taps[k];
    EXPECT_LT(relative_difference(found.taps[k], exact.taps[k]), 1.2 * unavoidable) << all_taps[k];
  }
  const double unavoidable = relative_difference(reference.gradient, exact.gradient);
  EXPECT_LT(unavoidable, 0.2);
  EXPECT_LT(relative_difference(found.gradient, exact.gradient), 1.2 * unavoidable);
}

TEST_F(PlanOnCpu, GivesTheSameBytesEveryTime) {
  for (const DType type : {DType::f32, DType::bf16}) {
    if (!cpu_->supports(type)) continue;
    const auto another = make_cpu_backend();
    const Answer a = answer_of(*cpu_, type, picture_), b = answer_of(*another, type, picture_);
    EXPECT_EQ(std::memcmp(a.gradient.raw(), b.gradient.raw(), a.gradient.bytes()), 0);
    for (size_t k = 0; k < all_taps.size(); ++k) {
      EXPECT_EQ(std::memcmp(a.taps[k].raw(), b.taps[k].raw(), a.taps[k].bytes()), 0);
    }
  }
}

// Another thread number may split sums differently, no more.
TEST_F(PlanOnCpu, HardlyDependsOnTheThreadNumber) {
  const auto answer_with = [&](int threads) {
    const UseThreads use(threads);
    const auto backend = make_cpu_backend();
    return answer_of(*backend, DType::f32, picture_);
  };
  const Answer one = answer_with(1), two = answer_with(2);
  expect_near(two, one, 3e-6, 1e-4);
}

TEST_F(PlanOnCpu, RunsAgainAfterBackward) {
  Plan plan(small_network(), *cpu_, picture_.shape(), {DType::f32, {"relu4_1"}, true, false});
  plan.forward(picture_);
  const Tensor first = plan.backward(TapLoss::gradient).clone();
  plan.forward(picture_);
  const Tensor second = plan.backward(TapLoss::gradient);
  EXPECT_EQ(std::memcmp(first.raw(), second.raw(), first.bytes()), 0);
}

TEST_F(PlanOnCpu, SeesChangedParameters) {
  const auto graph =
      with_parameters(make_vgg(tiny_vgg(PadMode::zero, PoolKind::max)), 1, DType::f32);
  Plan plan(graph, *cpu_, picture_.shape(), {DType::f32, {"relu2_1"}, false, false});
  const double before = total_loss(plan, {"relu2_1"}, picture_);
  for (int64_t i = 0; i < graph->parameters()[0].value.size(); ++i) {
    graph->parameters()[0].value.data<float>()[i] *= 1.5f;
  }
  plan.parameters_changed();
  const double after = total_loss(plan, {"relu2_1"}, picture_);
  Plan fresh(graph, *cpu_, picture_.shape(), {DType::f32, {"relu2_1"}, false, false});
  EXPECT_NE(after, before);
  EXPECT_EQ(after, total_loss(fresh, {"relu2_1"}, picture_));
}

TEST_F(PlanOnCpu, LetsGoOfTheParametersWhenFrozen) {
  PlanOptions options{DType::f32, {"relu4_1"}, true, false};
  const auto gradient_of = [&](Plan& plan) {
    plan.forward(picture_);
    return plan.backward(TapLoss::gradient).clone();
  };
  Plan plan(small_network(), *cpu_, picture_.shape(), options);
  const Tensor expected = gradient_of(plan);

  options.frozen = true;
  auto graph = std::make_shared<const Graph>(*small_network());
  const std::weak_ptr<const Graph> alive = graph;
  Plan frozen(std::move(graph), *cpu_, picture_.shape(), options);
  EXPECT_FALSE(alive.expired());
  for (int run = 0; run < 2; ++run) {
    const Tensor gradient = gradient_of(frozen);
    EXPECT_EQ(std::memcmp(gradient.raw(), expected.raw(), expected.bytes()), 0);
    EXPECT_TRUE(alive.expired());
  }
  EXPECT_THROW(frozen.parameters_changed(), Error);
}

TEST(PlanMemory, GrowsWithWhatIsAskedFor) {
  const auto backend = make_cpu_backend();
  const auto bytes = [&](const std::vector<std::string>& taps, bool input, bool parameters,
                         DType type = DType::f32) {
    return Plan(small_network(), *backend, {1, 128, 96, 3}, {type, taps, input, parameters})
        .arena_bytes();
  };
  const size_t frozen = bytes({"relu5_1"}, false, false), trained = bytes({"relu5_1"}, true, true);
  EXPECT_LT(frozen, bytes({"relu5_1"}, true, false));
  EXPECT_LT(bytes({"relu5_1"}, true, false), trained);
  EXPECT_LT(bytes({"relu1_1"}, true, false), bytes({"relu5_1"}, true, false));
  EXPECT_LT(bytes({"relu5_1"}, true, false, DType::bf16), bytes({"relu5_1"}, true, false));
  // Forward alone: the two largest neighbours (16 channels at full size) and little more.
  const size_t feature = 128 * 96 * 16 * sizeof(float);
  EXPECT_GE(frozen, 2 * feature);
  EXPECT_LT(frozen, 3 * feature);
  // Taps are kept to the end.
  EXPECT_GT(bytes(all_taps, false, false), frozen);
}

TEST(PlanMemory, IsKnownBeforeTheFirstRunAndStays) {
  const auto backend = make_cpu_backend();
  Plan plan(small_network(), *backend, {1, 40, 56, 3}, {DType::f32, all_taps, true, false});
  const size_t planned = plan.arena_bytes();
  ASSERT_GT(planned, 0u);
  const Tensor picture = random_picture({1, 40, 56, 3}, DType::f32, 2);
  plan.forward(picture);
  const std::byte* lowest = static_cast<const std::byte*>(plan.tap("relu1_1").raw());
  const std::byte* highest = lowest;
  for (const std::string& tap : all_taps) {
    const Tensor t = plan.tap(tap);
    lowest = std::min(lowest, static_cast<const std::byte*>(t.raw()));
    highest = std::max(highest, static_cast<const std::byte*>(t.raw()) + t.bytes());
  }
  EXPECT_LE(static_cast<size_t>(highest - lowest), planned);
  plan.backward(TapLoss::gradient);
  EXPECT_EQ(plan.arena_bytes(), planned);
}

TEST(PlanErrors, SayWhatIsWrong) {
  const auto backend = make_reference_backend();
  const auto graph = make_vgg(tiny_vgg(PadMode::zero, PoolKind::max));
  const PlanOptions options{DType::f32, {"relu1_1"}, false, false};
  expect_error(ErrorCode::usage, "no layer 'relu9_9'; it has relu1_1, relu1_2, relu2_1", [&] {
    Plan(graph, *backend, {1, 8, 8, 3}, {DType::f32, {"relu9_9"}});
  });
  expect_error(ErrorCode::internal, "1x8x8x4", [&] {
    Plan(graph, *backend, {1, 8, 8, 4}, options);
  });
  expect_error(ErrorCode::internal, "at least one tap", [&] {
    Plan(graph, *backend, {1, 8, 8, 3}, {});
  });
  Plan plan(graph, *backend, {1, 8, 8, 3}, options);
  expect_error(ErrorCode::internal, "before forward", [&] { plan.tap("relu1_1"); });
  expect_error(ErrorCode::internal, "1x9x8x3", [&] { plan.forward(Tensor::zeros({1, 9, 8, 3})); });
  plan.forward(Tensor::zeros({1, 8, 8, 3}));
  expect_error(ErrorCode::internal, "gradients", [&] { plan.backward(TapLoss::gradient); });
}

}  // namespace
}  // namespace impasto::test
