#include "transfer/roots.h"

#include <cmath>
#include <utility>

namespace impasto {

namespace {

constexpr int iterations = 18;  // each brings weak directions closer by half

void scale(const Tensor& t, float factor) {
  float* v = t.data<float>();
  for (int64_t i = 0; i < t.size(); ++i) v[i] *= factor;
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
  Tensor y = matrix.clone(), z = Tensor::zeros(matrix.shape());
  for (int64_t i = 0; i < c; ++i) z.data<float>()[i * c + i] = 1;
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
  scale(y, static_cast<float>(std::sqrt(norm)));
  scale(z, static_cast<float>(1 / std::sqrt(norm)));
  return {y, z};
}

}  // namespace impasto
