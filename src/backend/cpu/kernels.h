#pragma once

#include <cstdint>
#include <type_traits>

#include "tensor/dtype.h"

namespace impasto {

/// Loops over plain memory, on one thread; rows are [pixels, channels]. `T` is float or bfloat16,
/// and arithmetic is f32 in both.
template <class T>
struct TypedKernels {
  /// dx = dy where y > 0, else 0; dx may be dy.
  void (*relu_backward)(const T* y, const T* dy, T* dx, int64_t count);
  void (*accumulate)(const T* x, float factor, T* y, int64_t count);
  /// y = a + b.
  void (*add)(const T* a, const T* b, T* y, int64_t count);
  /// A row of twice as many pixels as `low` has: y = low + b (+ c, if any), each of low's pixels
  /// counting for two.
  void (*add_enlarged)(const T* low, const T* b, const T* c, T* y, int64_t pixels,
                       int64_t channels);
  void (*scale)(const T* x, float factor, T* y, int64_t count);
  /// Within 4e-7 of the exact one, relatively.
  void (*tanh)(const T* x, T* y, int64_t count);
  /// dx = dy * (1 - y^2); dx may be dy.
  void (*tanh_backward)(const T* y, const T* dy, T* dx, int64_t count);
  /// One output row of 2x2 pooling from two input rows; `maximum` else average.
  void (*pool_row)(const T* top, const T* bottom, bool maximum, T* y, int64_t pixels,
                   int64_t channels);
  void (*pool_row_backward)(const T* top, const T* bottom, const T* dy, bool maximum, T* dtop,
                            T* dbottom, int64_t pixels, int64_t channels);
  /// sums[channels] += sum f over the pixels.
  void (*sums)(const T* f, int64_t pixels, int64_t channels, double* sums);
  /// sums[3, channels] += sum f, sum f^2, sum f * target over the pixels.
  void (*channel_sums)(const T* f, const T* target, int64_t pixels, int64_t channels, double* sums);
  /// sums[2, channels] += sum f, sum f^2 over the pixels: exact enough for a variance that is small
  /// beside the mean.
  void (*square_sums)(const T* f, int64_t pixels, int64_t channels, double* sums);
  /// y = factor[c] * (x - mean[c] - along[c] * z), coefficients [3, channels]: mean, factor, along;
  /// without z (null) nothing is along it.
  void (*normalise)(const T* x, const T* z, const float* coefficients, T* y, int64_t pixels,
                    int64_t channels);
  void (*channel_blend)(const T* f, const T* target, const float* coefficients, bool accumulate,
                        T* y, int64_t pixels, int64_t channels);
  /// y = scale[c] * x + shift[c].
  void (*affine)(const T* x, const float* scale, const float* shift, T* y, int64_t pixels,
                 int64_t channels);
  void (*pixels)(const float* matrix, const float* offset, const float* rgb, T* y, int64_t pixels);
  void (*pixels_backward)(const float* matrix, const T* dy, float* drgb, int64_t pixels);
  /// y += weight * x, into f32: the inner loop of resampling.
  void (*add_scaled)(const T* x, float weight, float* y, int64_t count);
  void (*store)(const float* x, T* y, int64_t count);
};

struct Kernels {
  const char* isa;
  TypedKernels<float> f32;
  TypedKernels<bfloat16> bf16;

  template <class T>
  const TypedKernels<T>& of() const {
    if constexpr (std::is_same_v<T, bfloat16>)
      return bf16;
    else
      return f32;
  }
};

/// kernels.cpp compiled for three instruction sets, and the best one that this processor has.
namespace kernels_base {
extern const Kernels table;
}
namespace kernels_avx2 {
extern const Kernels table;
}
namespace kernels_avx512 {
extern const Kernels table;
}
const Kernels& best_kernels();

}  // namespace impasto
