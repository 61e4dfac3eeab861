#include "transfer/roots.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace impasto {

namespace {

constexpr int iterations = 18;  // each brings weak directions closer by half

void scale(const Tensor& t, float factor) {
  float* v = t.data<float>();
  for (int64_t i = 0; i < t.size(); ++i) v[i] *= factor;
}

Tensor identity(int64_t c) {
  const Tensor t = Tensor::zeros({c, c});
  for (int64_t i = 0; i < c; ++i) t.data<float>()[i * c + i] = 1;
  return t;
}

}  // namespace

Roots symmetric_roots(Backend& backend, const Tensor& matrix) {
  const int64_t c = matrix.shape()[0];
  double square = 0;
  for (int64_t i = 0; i < matrix.size(); ++i) {
    square += static_cast<double>(matrix.data<float>()[i]) * matrix.data<float>()[i];
  }
  // The norm bounds the largest eigenvalue, so all of matrix / norm lie in 0..1, where it
  // converges.
  const double norm = std::sqrt(square);
  Tensor y = matrix.clone(), z = identity(c);
  if (!(norm > 0) || !std::isfinite(norm)) return {Tensor::zeros(matrix.shape()), z};
  scale(y, static_cast<float>(1 / norm));

  Tensor t(matrix.shape()), next_y(matrix.shape()), next_z(matrix.shape());
  for (int k = 0; k < iterations; ++k) {
    backend.multiply(z, y, t);  // t = (3 - z y) / 2
    scale(t, -0.5f);
    for (int64_t i = 0; i < c; ++i) t.data<float>()[i * c + i] += 1.5f;
    backend.multiply(y, t, next_y);
    backend.multiply(t, z, next_z);
    std::swap(y, next_y);
    std::swap(z, next_z);
  }
  // Negative eigenvalues run away.
  const auto finite = [](const Tensor& m) {
    return std::all_of(m.data<float>(), m.data<float>() + m.size(),
                       [](float v) { return std::isfinite(v); });
  };
  if (!finite(y) || !finite(z)) return {Tensor::zeros(matrix.shape()), identity(c)};
  scale(y, static_cast<float>(std::sqrt(norm)));
  scale(z, static_cast<float>(1 / std::sqrt(norm)));
  return {y, z};
}

}  // namespace impasto
