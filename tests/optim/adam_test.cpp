#include <algorithm>
#include <limits>

#include "impasto/error.h"
#include "optim/functions.h"
#include "optim/torch_goldens.h"

namespace impasto::test {
namespace {

// PyTorch ran in double; here x and the moments are f32.
TEST(Adam, StepsLikePyTorch) {
  const auto optimizer = make_adam({.learning_rate = 0.1});
  const Tensor x = linspace(-2, 2, 20);
  expect_near(run(*optimizer, x, wavy, 12), torch_goldens::adam_values, 1e-4);
  expect_near(values_of(x), torch_goldens::adam_x, 1e-5);
}

TEST(Adam, SolvesABowl) {
  const auto optimizer = make_adam({.learning_rate = 0.05});
  const Tensor x = linspace(-3, 3, 100);
  run(*optimizer, x, bowl, 1000);
  EXPECT_LT(optimizer->finish(x), 1e-3);
}

TEST(Adam, SolvesRosenbrock) {
  const auto optimizer = make_adam({.learning_rate = 0.05});
  Tensor x({2});
  x.data<float>()[0] = -1.2f, x.data<float>()[1] = 1;
  run(*optimizer, x, rosenbrock, 2000);
  EXPECT_LT(optimizer->finish(x), 1e-3);
}

TEST(Adam, SkipsBadGradients) {
  for (const bool keep_best : {true, false}) {
    int calls = 0;
    const auto optimizer = make_adam({.learning_rate = 0.1, .keep_best = keep_best});
    const Tensor x = linspace(-3, 3, 50);
    run(
        *optimizer, x,
        [&](const Tensor& at, const Tensor& gradient) {
          const double value = bowl(at, gradient);
          ++calls;
          if (calls == 3) return std::numeric_limits<double>::infinity();
          if (calls == 7) gradient.data<float>()[49] = NAN;
          return value;
        },
        1500);
    EXPECT_LT(optimizer->finish(x), 0.01);
  }
}

TEST(Adam, SkippedStepsLeaveNoTrace) {
  const auto optimizer = make_adam({.keep_best = false});
  const Tensor x = linspace(-3, 3, 10), before = x.clone();
  run(
      *optimizer, x, [](const Tensor& at, const Tensor& g) { return bowl(at, g) + NAN; }, 3);
  EXPECT_EQ(values_of(x), values_of(before));
  EXPECT_EQ(optimizer->finish(x), std::numeric_limits<double>::infinity());
}

TEST(Adam, FinishReturnsTheBestPointOnRequest) {
  for (const bool keep_best : {true, false}) {
    const auto optimizer = make_adam({.learning_rate = 0.7, .keep_best = keep_best});  // overshoots
    const Tensor x = linspace(-0.5, 0.5, 10);
    const auto values = run(*optimizer, x, bowl, 10);
    const double lowest = *std::min_element(values.begin(), values.end());
    ASSERT_NE(lowest, values.back());
    const std::vector<double> last = values_of(x);
    EXPECT_EQ(optimizer->finish(x), keep_best ? lowest : values.back());
    if (keep_best) {
      EXPECT_EQ(bowl(x, Tensor(x.shape())), lowest);
    } else {
      EXPECT_EQ(values_of(x), last);
    }
  }
}

TEST(Adam, RefusesNonsense) {
  EXPECT_THROW(make_adam({.learning_rate = 0}), Error);
  const auto optimizer = make_adam();
  optimizer->step(Tensor::zeros({3}), bowl);
  EXPECT_THROW(optimizer->step(Tensor::zeros({4}), bowl), Error);
}

}  // namespace
}  // namespace impasto::test
