#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "losses/loss.h"

namespace impasto::test {

inline Tensor tensor(Shape shape, const std::vector<double>& values, DType type) {
  Tensor t(shape, DType::f64);
  std::copy(values.begin(), values.end(), t.data<double>());
  return t.to(type);
}

/// Correlated channels of different strengths, a third of the elements clamped to 0: like a tap's.
inline Tensor random_features(Shape shape, uint64_t seed, DType type = DType::f64) {
  Random random(seed);
  Tensor t(shape, DType::f64);
  double* p = t.data<double>();
  const int64_t c = shape.c();
  for (int64_t i = 0; i < t.size(); ++i) {
    const double before = i % c > 0 ? p[i - 1] : 0;
    p[i] = 0.3 * before +
           (0.5 + static_cast<double>(i % c) / static_cast<double>(c)) * random.uniform(-0.5, 1);
    p[i] = std::max(p[i], 0.0);
  }
  return t.to(type);
}

inline bool all_finite(const Tensor& t) {
  for (int64_t i = 0; i < t.size(); ++i) {
    if (!std::isfinite(t.at(i))) return false;
  }
  return true;
}

inline double largest(const Tensor& t) {
  double result = 0;
  for (int64_t i = 0; i < t.size(); ++i) result = std::max(result, std::abs(t.at(i)));
  return result;
}

/// Every element within `tolerance` times the largest expected one.
inline void expect_close(const Tensor& found, const Tensor& expected, double tolerance,
                         const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  const double scale = largest(expected);
  for (int64_t i = 0; i < found.size(); ++i) {
    ASSERT_NEAR(found.at(i), expected.at(i), tolerance * scale) << what << ", element " << i;
  }
}

/// Central differences of f at x (f64).
inline Tensor numeric_gradient(const std::function<double(const Tensor&)>& f, const Tensor& x,
                               double step = 1e-5) {
  const Tensor at = x.clone();
  Tensor result(x.shape(), DType::f64);
  for (int64_t i = 0; i < x.size(); ++i) {
    double& value = at.data<double>()[i];
    const double middle = value;
    value = middle + step;
    const double above = f(at);
    value = middle - step;
    result.data<double>()[i] = (above - f(at)) / (2 * step);
    value = middle;
  }
  return result;
}

inline std::unique_ptr<FeatureLoss> style_loss(StyleKind kind, Backend& backend,
                                               const std::vector<Tensor>& paintings,
                                               const std::vector<double>& weights = {1}) {
  std::vector<StyleTarget> targets;
  for (size_t i = 0; i < paintings.size(); ++i) {
    targets.push_back({feature_statistics(backend, paintings[i]), weights.at(i)});
  }
  return make_style_loss(kind, targets);
}

}  // namespace impasto::test
