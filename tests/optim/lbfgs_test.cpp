#include <chrono>
#include <cstring>
#include <iostream>
#include <limits>

#include "base/parallel.h"
#include "impasto/error.h"
#include "optim/functions.h"
#include "optim/torch_goldens.h"

namespace impasto::test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// PyTorch ran in double: what differs is the f32 rounding of x, g and the pairs, 6e-8 relative,
// amplified a few times by every step.
TEST(Lbfgs, StepsLikePyTorch) {
  for (const bool small : {true, false}) {  // the small history is full after three steps
    const auto optimizer = make_lbfgs({.history = small ? 3 : 10});
    const Tensor x = linspace(-2, 2, 20);
    const auto values = run(*optimizer, x, wavy, 12);
    expect_near(values, small ? torch_goldens::lbfgs3_values : torch_goldens::lbfgs10_values, 2e-5);
    expect_near(values_of(x), small ? torch_goldens::lbfgs3_x : torch_goldens::lbfgs10_x, 1e-4);
  }
}

TEST(Lbfgs, SolvesABowl) {
  const auto optimizer = make_lbfgs();
  const Tensor x = linspace(-3, 3, 1000);
  run(*optimizer, x, bowl, 80);
  EXPECT_LT(optimizer->finish(x), 1e-8);
  for (int64_t i = 0; i < x.size(); ++i) ASSERT_NEAR(x.at(i), 1, 1e-4);
}

// Unit steps overshoot in the curved valley: without going back this diverges or takes for ever.
TEST(Lbfgs, SolvesRosenbrock) {
  const auto optimizer = make_lbfgs();
  Tensor x({2});
  x.data<float>()[0] = -1.2f, x.data<float>()[1] = 1;
  run(*optimizer, x, rosenbrock, 400);
  EXPECT_LT(optimizer->finish(x), 1e-6);
  EXPECT_NEAR(x.at(0), 1, 2e-3);
}

TEST(Lbfgs, StartsAtTheMinimum) {
  const auto optimizer = make_lbfgs();
  const Tensor x = Tensor::full({5}, 1);
  run(*optimizer, x, bowl, 5);
  EXPECT_EQ(optimizer->finish(x), 0);
  EXPECT_EQ(x.at(3), 1);
}

TEST(Lbfgs, FinishReturnsTheBestPoint) {
  const auto optimizer = make_lbfgs({.history = 5, .learning_rate = 1.9});  // overshoots
  const Tensor x = linspace(-2, 2, 30);
  double lowest = infinity;
  for (const double v : run(*optimizer, x, bowl, 9)) lowest = std::min(lowest, v);
  EXPECT_EQ(optimizer->finish(x), lowest);
  EXPECT_EQ(bowl(x, Tensor(x.shape())), lowest);
}

TEST(Lbfgs, FinishWithoutAnyStepLeavesX) {
  const Tensor x = Tensor::full({3}, 0.5);
  EXPECT_EQ(make_lbfgs()->finish(x), infinity);
  EXPECT_EQ(x.at(2), 0.5);
}

// Bad numbers now and then: in the value, in the gradient, in both.
TEST(Lbfgs, TakesBadStepsBack) {
  for (int what = 0; what < 4; ++what) {
    int calls = 0;
    const auto optimizer = make_lbfgs();
    const Tensor x = linspace(-3, 3, 100);
    run(
        *optimizer, x,
        [&](const Tensor& at, const Tensor& gradient) {
          double value = bowl(at, gradient);
          if (++calls % 9 == 5) {
            if (what == 0) value = NAN;
            if (what == 1) gradient.data<float>()[42] = NAN;
            if (what == 2) value = infinity, gradient.data<float>()[99] = -INFINITY;
            if (what == 3) value = 1e30;
          }
          return value;
        },
        120);
    EXPECT_LT(optimizer->finish(x), 1e-3) << what;
    EXPECT_NEAR(bowl(x, Tensor(x.shape())), optimizer->finish(x), 1e-12) << what;
  }
}

// A wall near the start: only short steps stay inside.
TEST(Lbfgs, ShortensStepsAtAWall) {
  const auto optimizer = make_lbfgs();
  const Tensor x = Tensor::full({10}, 0.2);
  run(
      *optimizer, x,
      [](const Tensor& at, const Tensor& gradient) {
        // sum of x - log x: minimum at 1, and nothing below 0.
        double value = 0;
        for (int64_t i = 0; i < at.size(); ++i) {
          const float v = at.data<float>()[i];
          value += v - 0.01 * static_cast<double>(i + 1) * std::log(v);
          gradient.data<float>()[i] = 1 - 0.01f * static_cast<float>(i + 1) / v;
        }
        return value;
      },
      150);
  optimizer->finish(x);
  for (int64_t i = 0; i < 10; ++i) EXPECT_NEAR(x.at(i), 0.01 * static_cast<double>(i + 1), 1e-3);
}

TEST(Lbfgs, StaysWhereNothingIsFinite) {
  const auto optimizer = make_lbfgs();
  const Tensor x = Tensor::full({4}, 0.5);
  run(
      *optimizer, x,
      [](const Tensor&, const Tensor& g) {
        g.fill(NAN);
        return NAN;
      },
      5);
  EXPECT_EQ(optimizer->finish(x), infinity);
  EXPECT_EQ(x.at(0), 0.5);
}

TEST(Lbfgs, SameBytesForAnyThreads) {
  Tensor results[2];
  for (const int threads : {1, 2}) {
    const UseThreads use(threads);
    const auto optimizer = make_lbfgs({.history = 3});
    const Tensor x = linspace(-3, 3, 100'003);  // several chunks and a rest
    run(*optimizer, x, bowl, 8);
    results[threads - 1] = x;
  }
  EXPECT_EQ(std::memcmp(results[0].raw(), results[1].raw(), results[0].bytes()), 0);
}

TEST(Lbfgs, RefusesNonsense) {
  EXPECT_THROW(make_lbfgs({.history = 0}), Error);
  EXPECT_THROW(make_lbfgs({.learning_rate = -1}), Error);
  const auto optimizer = make_lbfgs();
  optimizer->step(Tensor::zeros({3}), bowl);
  EXPECT_THROW(optimizer->step(Tensor::zeros({4}), bowl), Error);
}

TEST(SlowLbfgs, Timing) {
  const auto optimizer = make_lbfgs();
  const Tensor x = Tensor::zeros({512 * 512 * 3});
  double inside = 0;
  const auto now = [] {
    return std::chrono::duration<double, std::milli>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  };
  const ValueAndGradient f = [&](const Tensor& at, const Tensor& gradient) {
    const double start = now(), value = bowl(at, gradient);
    inside += now() - start;
    return value;
  };
  for (int i = 0; i < 12; ++i) optimizer->step(x, f);
  inside = 0;
  const double start = now();
  for (int i = 0; i < 20; ++i) optimizer->step(x, f);
  std::cout << "512 x 512, history 8: " << (now() - start - inside) / 20 << " ms a step\n";
  EXPECT_LT(optimizer->finish(x), 1e3);
}

}  // namespace
}  // namespace impasto::test
