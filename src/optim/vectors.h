#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace impasto {

// Passes over long f32 vectors for the optimisers: parallel, sums in f32 within a block
// and in f64 across blocks, and the same result for
// any number of threads.

struct Norms {
  double absolute = 0;  ///< sum |v|
  double square = 0;    ///< sum v^2; not finite exactly when an element is not
};
Norms norms(const float* v, int64_t n);

/// y becomes g - before. Returns the dot products of g, s and y (three rows) with each of `others`
/// and then with g, s and y themselves. s, y and others are f32 or bf16; y may be where `before`
/// is.
std::vector<double> pair_dots(const float* g, const float* before, const Tensor& s, const Tensor& y,
                              std::span<const Tensor> others, int64_t n);

/// step = rate * g + sum of coefficients[i] * vectors[i]; before = x, unless it is null; x += step.
/// The step, f32 or bf16, is rounded before x moves; it may be where one of the vectors is.
void move_along(const float* g, double rate, std::span<const Tensor> vectors,
                std::span<const double> coefficients, int64_t n, const Tensor& step, float* before,
                float* x);

/// x += factor * v, which is f32 or bf16.
void add_scaled(double factor, const Tensor& v, int64_t n, float* x);

/// What Adam does to every element.
struct AdamStep {
  float keep1, take1;  ///< beta1, 1 - beta1
  float keep2, take2;
  float rate;          ///< learning rate / (1 - beta1^t)
  float inverse_root;  ///< 1 / sqrt(1 - beta2^t)
  float epsilon;
};
/// before = x, unless it is null; the moments m, v and then x move on.
void adam_step(const AdamStep&, const float* g, int64_t n, float* m, float* v, float* before,
               float* x);

}  // namespace impasto
