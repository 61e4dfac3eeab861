#include <cmath>
#include <limits>

#include "impasto/error.h"
#include "optim/functions.h"

namespace impasto::test {
namespace {

TEST(MemorylessBfgs, SolvesABowl) {
  for (const DType type : {DType::f32, DType::bf16}) {
    const auto optimizer = make_memoryless_bfgs({.step_type = type});
    const Tensor x = linspace(-3, 3, 1000);
    run(*optimizer, x, bowl, 200);
    EXPECT_LT(optimizer->finish(x), 1e-4);
  }
}

TEST(MemorylessBfgs, SolvesRosenbrock) {
  const auto optimizer = make_memoryless_bfgs();
  Tensor x({2});
  x.data<float>()[0] = -1.2f, x.data<float>()[1] = 1;
  run(*optimizer, x, rosenbrock, 2000);
  EXPECT_LT(optimizer->finish(x), 1e-3);
}

// With one pair L-BFGS is the same, as long as no step has to be taken back.
TEST(MemorylessBfgs, StepsLikeLbfgsWithOnePair) {
  const Tensor a = linspace(-2, 2, 20), b = a.clone();
  const auto memoryless = make_memoryless_bfgs();
  const auto lbfgs = make_lbfgs({.history = 1});
  const auto found = run(*memoryless, a, wavy, 10), expected = run(*lbfgs, b, wavy, 10);
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], 1e-4 * std::abs(expected[0])) << i;
  }
}

TEST(MemorylessBfgs, FinishReturnsTheLastPointEvaluated) {
  const auto optimizer = make_memoryless_bfgs();
  const Tensor x = linspace(-2, 2, 30);
  const double last = run(*optimizer, x, bowl, 5).back();
  EXPECT_EQ(optimizer->finish(x), last);
  EXPECT_NEAR(bowl(x, Tensor(x.shape())), last, 1e-5 * std::abs(last) + 1e-9);
}

TEST(MemorylessBfgs, FinishWithoutAnyStepLeavesX) {
  const Tensor x = Tensor::full({3}, 0.5);
  EXPECT_EQ(make_memoryless_bfgs()->finish(x), std::numeric_limits<double>::infinity());
  EXPECT_EQ(x.at(2), 0.5);
}

TEST(MemorylessBfgs, TakesBadStepsBack) {
  for (const bool bad_gradient : {true, false}) {
    int calls = 0;
    const auto optimizer = make_memoryless_bfgs();
    const Tensor x = linspace(-3, 3, 100);
    run(
        *optimizer, x,
        [&](const Tensor& at, const Tensor& gradient) {
          const double value = bowl(at, gradient);
          if (++calls % 9 != 5) return value;
          if (bad_gradient) gradient.data<float>()[7] = NAN;
          return bad_gradient ? value : static_cast<double>(NAN);
        },
        200);
    EXPECT_LT(optimizer->finish(x), 1) << bad_gradient;
    for (int64_t i = 0; i < x.size(); ++i) ASSERT_TRUE(std::isfinite(x.at(i)));
  }
}

TEST(MemorylessBfgs, RefusesBadRates) {
  EXPECT_THROW(make_memoryless_bfgs({.learning_rate = 0}), Error);
}

TEST(MemorylessBfgs, TakesLessThanLbfgs) {
  EXPECT_EQ(memoryless_bytes({.step_type = DType::bf16}, 100), 1000);
  EXPECT_LT(memoryless_bytes({}, 100), lbfgs_bytes({.history = 1}, 100));
}

}  // namespace
}  // namespace impasto::test
