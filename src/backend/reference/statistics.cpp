// Primitives that reduce over positions, and their counterparts that write back.

#include <cmath>
#include <vector>

#include "backend/reference/access.h"
#include "backend/reference/reference.h"

namespace impasto {

void ReferenceBackend::instance_norm(const Tensor& src, float epsilon, const Tensor& dst,
                                     const Tensor& inverse_std) {
  const Access x(src), y(dst), inverse(inverse_std);
  const Shape& s = src.shape();
  const int64_t count = s.h() * s.w();
  for (int64_t n = 0; n < s.n(); ++n) {
    for (int64_t c = 0; c < s.c(); ++c) {
      const auto at = [&](int64_t p) { return (n * count + p) * s.c() + c; };
      double mean = 0, variance = 0;
      for (int64_t p = 0; p < count; ++p) mean += x.get(at(p)) / static_cast<double>(count);
      for (int64_t p = 0; p < count; ++p) {
        variance += (x.get(at(p)) - mean) * (x.get(at(p)) - mean) / static_cast<double>(count);
      }
      const double k = 1 / std::sqrt(variance + epsilon);
      inverse.set(n * s.c() + c, k);
      for (int64_t p = 0; p < count; ++p) y.set(at(p), (x.get(at(p)) - mean) * k);
    }
  }
}

void ReferenceBackend::instance_norm_backward(const Tensor& dst, const Tensor& inverse_std,
                                              const Tensor& ddst, const Tensor& dsrc) {
  const Access y(dst), inverse(inverse_std), dy(ddst), dx(dsrc);
  const Shape& s = dst.shape();
  const int64_t count = s.h() * s.w();
  for (int64_t n = 0; n < s.n(); ++n) {
    for (int64_t c = 0; c < s.c(); ++c) {
      const auto at = [&](int64_t p) { return (n * count + p) * s.c() + c; };
      double mean = 0, along = 0;  // of the gradient, and of its product with the output
      for (int64_t p = 0; p < count; ++p) {
        mean += dy.get(at(p)) / static_cast<double>(count);
        along += dy.get(at(p)) * y.get(at(p)) / static_cast<double>(count);
      }
      const double k = inverse.get(n * s.c() + c);
      for (int64_t p = 0; p < count; ++p) {
        dx.set(at(p), k * (dy.get(at(p)) - mean - y.get(at(p)) * along));
      }
    }
  }
}

void ReferenceBackend::second_moments(const Tensor& features, const Tensor& sums,
                                      const Tensor& products) {
  const Access f(features), s(sums), m(products);
  const int64_t count = features.shape().pixels(), channels = features.shape().c();
  for (int64_t i = 0; i < channels; ++i) {
    double sum = 0;
    for (int64_t p = 0; p < count; ++p) sum += f.get(p * channels + i);
    s.set(i, sum);
    for (int64_t j = 0; j <= i; ++j) {
      double product = 0;
      for (int64_t p = 0; p < count; ++p)
        product += f.get(p * channels + i) * f.get(p * channels + j);
      m.set(i * channels + j, product);
      m.set(j * channels + i, product);
    }
  }
}

void ReferenceBackend::channel_mix(const Tensor& src, const Tensor& matrix, const Tensor& bias,
                                   bool accumulate, const Tensor& dst) {
  const Access x(src), a(matrix), b(bias), y(dst);
  const int64_t in = src.shape().c(), out = dst.shape().c();
  for (int64_t p = 0; p < src.shape().pixels(); ++p) {
    for (int64_t o = 0; o < out; ++o) {
      double sum = b.get(o) + (accumulate ? y.get(p * out + o) : 0.0);
      for (int64_t i = 0; i < in; ++i) sum += x.get(p * in + i) * a.get(i * out + o);
      y.set(p * out + o, sum);
    }
  }
}

void ReferenceBackend::channel_sums(const Tensor& features, const Tensor& target,
                                    const Tensor& sums) {
  const Access f(features), t(target), s(sums);
  const int64_t channels = features.shape().c();
  sums.fill(0);
  for (int64_t i = 0; i < features.size(); ++i) {
    const int64_t c = i % channels;
    s.add(c, f.get(i));
    s.add(channels + c, f.get(i) * f.get(i));
    s.add(2 * channels + c, f.get(i) * t.get(i));
  }
}

void ReferenceBackend::channel_blend(const Tensor& features, const Tensor& target,
                                     const Tensor& coefficients, bool accumulate,
                                     const Tensor& dst) {
  const Access f(features), t(target), k(coefficients), y(dst);
  const int64_t channels = features.shape().c();
  for (int64_t i = 0; i < features.size(); ++i) {
    const int64_t c = i % channels;
    y.set(i, k.get(c) * f.get(i) + k.get(channels + c) * t.get(i) + k.get(2 * channels + c) +
                 (accumulate ? y.get(i) : 0.0));
  }
}

}  // namespace impasto
