#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "optim/optimizer.h"

namespace impasto::test {

/// The function of make_goldens.py: a bowl of curvatures 1..10 with waves.
inline double wavy(const Tensor& x, const Tensor& gradient) {
  const int64_t n = x.size();
  const float* p = x.data<float>();
  float* g = gradient.data<float>();
  double value = 60;
  std::vector<double> sum(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) {
    const auto k = static_cast<size_t>(i);
    const double weight = 1 + 0.5 * static_cast<double>(i);
    value += 0.5 * weight * p[i] * p[i];
    sum[k] += weight * p[i];
    if (i + 1 == n) continue;
    const double phase = p[i] + 0.5 * p[i + 1];
    value += 2 * std::sin(phase);
    sum[k] += 2 * std::cos(phase);
    sum[k + 1] += std::cos(phase);
  }
  for (int64_t i = 0; i < n; ++i) g[i] = static_cast<float>(sum[static_cast<size_t>(i)]);
  return value;
}

inline double rosenbrock(const Tensor& x, const Tensor& gradient) {
  const double a = x.data<float>()[0], b = x.data<float>()[1], valley = b - a * a;
  gradient.data<float>()[0] = static_cast<float>(-2 * (1 - a) - 400 * a * valley);
  gradient.data<float>()[1] = static_cast<float>(200 * valley);
  return (1 - a) * (1 - a) + 100 * valley * valley;
}

/// 1/2 sum k_i (x_i - 1)^2, curvatures from 1 to 100.
inline double bowl(const Tensor& x, const Tensor& gradient) {
  const int64_t n = x.size();
  double value = 0;
  for (int64_t i = 0; i < n; ++i) {
    const double k =
        1 + 99 * static_cast<double>(i) / static_cast<double>(std::max<int64_t>(n - 1, 1));
    const double d = x.data<float>()[i] - 1.0;
    value += 0.5 * k * d * d;
    gradient.data<float>()[i] = static_cast<float>(k * d);
  }
  return value;
}

inline Tensor linspace(double low, double high, int64_t n) {
  Tensor t({n});
  for (int64_t i = 0; i < n; ++i) {
    t.data<float>()[i] = static_cast<float>(low + (high - low) * static_cast<double>(i) /
                                                      static_cast<double>(n - 1));
  }
  return t;
}

inline std::vector<double> run(Optimizer& optimizer, const Tensor& x, const ValueAndGradient& f,
                               int steps) {
  std::vector<double> values;
  for (int i = 0; i < steps; ++i) {
    values.push_back(optimizer.step(x, f));
    for (int64_t k = 0; k < x.size(); ++k) {
      if (!std::isfinite(x.at(k))) ADD_FAILURE() << "x is not finite after step " << i;
    }
  }
  return values;
}

inline void expect_near(const std::vector<double>& found, const std::vector<double>& expected,
                        double bound) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], bound) << i;
}

inline std::vector<double> values_of(const Tensor& x) {
  std::vector<double> result;
  for (int64_t i = 0; i < x.size(); ++i) result.push_back(x.at(i));
  return result;
}

}  // namespace impasto::test
