// The first rung of the ladder: every backward of the reference backend against central differences
// in double. Known answers are in answers_test.cpp.

#include <gtest/gtest.h>

#include <cmath>

#include "backend/cases.h"

namespace impasto::test {
namespace {

double inner(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (int64_t i = 0; i < a.size(); ++i) sum += a.at(i) * b.at(i);
  return sum;
}

std::vector<BackendCase> differentiable_cases() {
  std::vector<BackendCase> result;
  for (const BackendCase& c : backend_cases()) {
    if (c.backward && !c.large) result.push_back(c);
  }
  return result;
}

class ReferenceGradient : public testing::TestWithParam<BackendCase> {};

TEST_P(ReferenceGradient, MatchesFiniteDifferences) {
  const BackendCase& c = GetParam();
  const auto backend = make_reference_backend();
  const Tensors in = random_inputs(c, DType::f64, 1), out = c.forward(*backend, DType::f64, in);
  const Tensor dout = random_tensor(out[0].shape(), DType::f64, 99);
  const Tensors gradients = c.backward(*backend, DType::f64, in, out, dout);
  ASSERT_EQ(gradients.size(), in.size());

  const auto objective = [&](const Tensors& at) {
    return inner(c.forward(*backend, DType::f64, at)[0], dout);
  };
  // Along random directions, which see every element of the gradient at once. Steps are short
  // because max and ReLU have corners; rounding is then 1e-16 / 1e-6, truncation step^2.
  const double step = 1e-6;
  for (size_t k = 0; k < in.size(); ++k) {
    ASSERT_EQ(gradients[k].shape().size(), in[k].shape().size());
    const double norm = std::sqrt(inner(gradients[k], gradients[k]));
    for (uint64_t repeat = 0; repeat < 4; ++repeat) {
      const Tensor direction = random_tensor(in[k].shape(), DType::f64, 1000 + repeat);
      Tensors ahead = in, behind = in;
      ahead[k] = in[k].clone(), behind[k] = in[k].clone();
      for (int64_t i = 0; i < direction.size(); ++i) {
        ahead[k].data<double>()[i] += step * direction.at(i);
        behind[k].data<double>()[i] -= step * direction.at(i);
      }
      const double numeric = (objective(ahead) - objective(behind)) / (2 * step);
      EXPECT_NEAR(inner(gradients[k], direction), numeric, 1e-7 * (1 + norm)) << "input " << k;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Backward, ReferenceGradient, testing::ValuesIn(differentiable_cases()),
                         [](const auto& tested) { return tested.param.name; });

// bf16 results are the f64 ones for the same rounded operands, rounded once.
class ReferenceRounding : public testing::TestWithParam<BackendCase> {};

TEST_P(ReferenceRounding, OfBfloat16HappensOnce) {
  const BackendCase& c = GetParam();
  const auto backend = make_reference_backend();
  Tensors narrow = random_inputs(c, DType::bf16, 1), wide;
  if (c.name.starts_with("conv")) narrow[1] = narrow[1].to(DType::bf16).to(DType::f32);
  for (const Tensor& t : narrow) wide.push_back(t.to(DType::f64));
  const Tensor found = c.forward(*backend, DType::bf16, narrow)[0];
  const Tensor expected = c.forward(*backend, DType::f64, wide)[0];
  // f32 results (sums) are as exact as f32.
  const double bound = found.dtype() == DType::bf16 ? 0x1p-8 : 1e-6;
  for (int64_t i = 0; i < found.size(); ++i) {
    ASSERT_NEAR(found.at(i), expected.at(i), bound * std::abs(expected.at(i)) + 1e-7) << i;
  }
}

// Modulated weights are rounded, too.
std::vector<BackendCase> cases_rounded_once() {
  std::vector<BackendCase> cases = backend_cases();
  std::erase_if(cases, [](const BackendCase& c) { return c.name.starts_with("modulated"); });
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Forward, ReferenceRounding, testing::ValuesIn(cases_rounded_once()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace impasto::test
