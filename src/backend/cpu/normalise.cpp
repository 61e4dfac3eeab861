// Instance normalisation: what a picture's channels sum up to, then one pass that writes. One
// picture of the batch after the other.

#include <algorithm>
#include <cmath>

#include "backend/cpu/cpu.h"
#include "backend/cpu/kernels.h"
#include "backend/cpu/sum_in_parts.h"
#include "base/parallel.h"

namespace impasto {

namespace {

// By channel, as the kernel wants them: dst = factor * (src - mean - along * output).
struct Coefficients {
  explicit Coefficients(int64_t channels) : c(channels), values({3, channels}) {}
  float& mean(int64_t i) const { return values.data<float>()[i]; }
  float& factor(int64_t i) const { return values.data<float>()[c + i]; }
  float& along(int64_t i) const { return values.data<float>()[2 * c + i]; }

  const int64_t c;
  const Tensor values;
};

template <class T>
void normalise(const TypedKernels<T>& k, const T* x, const T* z, const Coefficients& by, T* y,
               int64_t pixels) {
  const int64_t c = by.c;
  parallel_for(pixels, std::max<int64_t>(1, grain / c), [&](int64_t begin, int64_t end) {
    k.normalise(x + begin * c, z ? z + begin * c : nullptr, by.values.data<float>(), y + begin * c,
                end - begin, c);
  });
}

template <class F>
void for_each_picture(const Shape& s, F&& f) {
  const int64_t pixels = s.h() * s.w();
  for (int64_t n = 0; n < s.n(); ++n) f(n, n * pixels * s.c());
}

}  // namespace

void CpuBackend::instance_norm(const Tensor& src, float epsilon, const Tensor& dst,
                               const Tensor& inverse_std) {
  if (src.dtype() == DType::f64) {
    return ReferenceBackend::instance_norm(src, epsilon, dst, inverse_std);
  }
  const int64_t c = src.shape().c(), pixels = src.shape().h() * src.shape().w();
  const auto count = static_cast<double>(pixels);
  const Tensor sums({2, c}, DType::f64);
  const Coefficients by(c);
  const auto run = [&](auto tag) {
    using T = decltype(tag);
    const auto& k = kernels_.of<T>();
    for_each_picture(src.shape(), [&](int64_t n, int64_t at) {
      const T* x = src.data<T>() + at;
      sum_in_parts(pixels, pixels * c, sums, [&](int64_t begin, int64_t end, double* into) {
        k.square_sums(x + begin * c, end - begin, c, into);
      });
      for (int64_t i = 0; i < c; ++i) {
        const double mean = sums.data<double>()[i] / count;
        const double variance = sums.data<double>()[c + i] / count - mean * mean;
        const double inverse =
            1 / std::sqrt(std::max(variance, 0.0) + static_cast<double>(epsilon));
        by.mean(i) = static_cast<float>(mean);
        by.factor(i) = inverse_std.data<float>()[n * c + i] = static_cast<float>(inverse);
      }
      normalise<T>(k, x, nullptr, by, dst.data<T>() + at, pixels);
    });
  };
  src.dtype() == DType::bf16 ? run(bfloat16{}) : run(float{});
}

void CpuBackend::instance_norm_backward(const Tensor& dst, const Tensor& inverse_std,
                                        const Tensor& ddst, const Tensor& dsrc) {
  if (dst.dtype() == DType::f64) {
    return ReferenceBackend::instance_norm_backward(dst, inverse_std, ddst, dsrc);
  }
  const int64_t c = dst.shape().c(), pixels = dst.shape().h() * dst.shape().w();
  const auto count = static_cast<double>(pixels);
  const Tensor sums({3, c}, DType::f64);  // of the gradient, its square, and times the output
  const Coefficients by(c);
  const auto run = [&](auto tag) {
    using T = decltype(tag);
    const auto& k = kernels_.of<T>();
    for_each_picture(dst.shape(), [&](int64_t n, int64_t at) {
      const T *y = dst.data<T>() + at, *dy = ddst.data<T>() + at;
      sum_in_parts(pixels, pixels * c, sums, [&](int64_t begin, int64_t end, double* into) {
        k.channel_sums(dy + begin * c, y + begin * c, end - begin, c, into);
      });
      for (int64_t i = 0; i < c; ++i) {
        by.mean(i) = static_cast<float>(sums.data<double>()[i] / count);
        by.along(i) = static_cast<float>(sums.data<double>()[2 * c + i] / count);
        by.factor(i) = inverse_std.data<float>()[n * c + i];
      }
      normalise<T>(k, dy, y, by, dsrc.data<T>() + at, pixels);
    });
  };
  dst.dtype() == DType::bf16 ? run(bfloat16{}) : run(float{});
}

}  // namespace impasto
