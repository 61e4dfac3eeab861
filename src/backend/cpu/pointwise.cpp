#include <algorithm>
#include <cstring>

#include "backend/cpu/cpu.h"
#include "backend/cpu/kernels.h"
#include "backend/cpu/sum_in_parts.h"
#include "base/parallel.h"

namespace impasto {

namespace {

// f32 and bf16 go to the kernels; f(tag) is not called for f64, which returns false.
template <class F>
bool dispatch_fast(DType type, F&& f) {
  if (type == DType::f64) return false;
  if (type == DType::bf16)
    f(bfloat16{});
  else
    f(float{});
  return true;
}

// Calls f(pixel of a, of b, of both side by side, bytes of a's, of b's) for every pixel.
template <class F>
void for_both(const Tensor& a, const Tensor& b, const Tensor& both, F&& f) {
  const auto bytes = [](const Tensor& t) {
    return static_cast<size_t>(t.shape().c()) * size_of(t.dtype());
  };
  const size_t pa = bytes(a), pb = bytes(b);
  parallel_for(a.shape().pixels(), std::max<int64_t>(1, grain / both.shape().c()),
               [&](int64_t begin, int64_t end) {
                 const auto at = [&](const Tensor& t, size_t pixel) {
                   return static_cast<std::byte*>(t.raw()) + static_cast<size_t>(begin) * pixel;
                 };
                 std::byte *x = at(a, pa), *y = at(b, pb), *z = at(both, pa + pb);
                 for (int64_t p = begin; p < end; ++p, x += pa, y += pb, z += pa + pb) {
                   f(x, y, z, pa, pb);
                 }
               });
}

}  // namespace

void CpuBackend::relu_backward(const Tensor& dst, const Tensor& ddst) {
  const bool done = dispatch_fast(dst.dtype(), [&](auto tag) {
    using T = decltype(tag);
    const T* y = dst.data<T>();
    T* dy = ddst.data<T>();
    parallel_for(dst.size(), grain, [&](int64_t begin, int64_t end) {
      kernels_.of<T>().relu_backward(y + begin, dy + begin, dy + begin, end - begin);
    });
  });
  if (!done) ReferenceBackend::relu_backward(dst, ddst);
}

void CpuBackend::accumulate(const Tensor& src, float factor, const Tensor& dst) {
  const bool done = src.dtype() == dst.dtype() && dispatch_fast(src.dtype(), [&](auto tag) {
                      using T = decltype(tag);
                      const T* x = src.data<T>();
                      T* y = dst.data<T>();
                      parallel_for(src.size(), grain, [&](int64_t begin, int64_t end) {
                        kernels_.of<T>().accumulate(x + begin, factor, y + begin, end - begin);
                      });
                    });
  if (!done) ReferenceBackend::accumulate(src, factor, dst);
}

void CpuBackend::scale(const Tensor& src, float factor, const Tensor& dst) {
  const bool done = src.dtype() == dst.dtype() && dispatch_fast(src.dtype(), [&](auto tag) {
                      using T = decltype(tag);
                      const T* x = src.data<T>();
                      T* y = dst.data<T>();
                      parallel_for(src.size(), grain, [&](int64_t begin, int64_t end) {
                        kernels_.of<T>().scale(x + begin, factor, y + begin, end - begin);
                      });
                    });
  if (!done) ReferenceBackend::scale(src, factor, dst);
}

void CpuBackend::add(const Tensor& a, const Tensor& b, const Tensor& dst) {
  const bool done = a.dtype() == dst.dtype() && b.dtype() == dst.dtype() &&
                    dispatch_fast(dst.dtype(), [&](auto tag) {
                      using T = decltype(tag);
                      parallel_for(dst.size(), grain, [&](int64_t begin, int64_t end) {
                        kernels_.of<T>().add(a.data<T>() + begin, b.data<T>() + begin,
                                             dst.data<T>() + begin, end - begin);
                      });
                    });
  if (!done) ReferenceBackend::add(a, b, dst);
}

void CpuBackend::add_enlarged(const Tensor& low, const Tensor& b, const Tensor& c,
                              const Tensor& dst) {
  const int64_t w = dst.shape().w(), channels = dst.shape().c(), row = w * channels;
  const bool done = dispatch_fast(dst.dtype(), [&](auto tag) {
    using T = decltype(tag);
    // A picture's rows follow the one before's; sides are even.
    parallel_for(
        dst.size() / row, std::max<int64_t>(1, grain / row), [&](int64_t begin, int64_t end) {
          for (int64_t y = begin; y < end; ++y) {
            kernels_.of<T>().add_enlarged(low.data<T>() + y / 2 * (row / 2), b.data<T>() + y * row,
                                          c ? c.data<T>() + y * row : nullptr,
                                          dst.data<T>() + y * row, w, channels);
          }
        });
  });
  if (!done) ReferenceBackend::add_enlarged(low, b, c, dst);
}

void CpuBackend::concat(const Tensor& a, const Tensor& b, const Tensor& dst) {
  for_both(a, b, dst, [](std::byte* x, std::byte* y, std::byte* both, size_t of_x, size_t of_y) {
    std::memcpy(both, x, of_x);
    std::memcpy(both + of_x, y, of_y);
  });
}

void CpuBackend::concat_backward(const Tensor& ddst, const Tensor& da, const Tensor& db) {
  for_both(da, db, ddst, [](std::byte* x, std::byte* y, std::byte* both, size_t of_x, size_t of_y) {
    std::memcpy(x, both, of_x);
    std::memcpy(y, both + of_x, of_y);
  });
}

void CpuBackend::tanh(const Tensor& src, const Tensor& dst) {
  const bool done = dispatch_fast(src.dtype(), [&](auto tag) {
    using T = decltype(tag);
    parallel_for(src.size(), grain, [&](int64_t begin, int64_t end) {
      kernels_.of<T>().tanh(src.data<T>() + begin, dst.data<T>() + begin, end - begin);
    });
  });
  if (!done) ReferenceBackend::tanh(src, dst);
}

void CpuBackend::tanh_backward(const Tensor& dst, const Tensor& ddst, const Tensor& dsrc) {
  const bool done = dispatch_fast(dst.dtype(), [&](auto tag) {
    using T = decltype(tag);
    parallel_for(dst.size(), grain, [&](int64_t begin, int64_t end) {
      kernels_.of<T>().tanh_backward(dst.data<T>() + begin, ddst.data<T>() + begin,
                                     dsrc.data<T>() + begin, end - begin);
    });
  });
  if (!done) ReferenceBackend::tanh_backward(dst, ddst, dsrc);
}

void CpuBackend::pixels(const PixelConvention& convention, const Tensor& rgb, const Tensor& dst) {
  const bool done = dispatch_fast(dst.dtype(), [&](auto tag) {
    using T = decltype(tag);
    const float* x = rgb.data<float>();
    T* y = dst.data<T>();
    parallel_for(rgb.shape().pixels(), grain / 4, [&](int64_t begin, int64_t end) {
      kernels_.of<T>().pixels(convention.matrix.data(), convention.offset.data(), x + 3 * begin,
                              y + 3 * begin, end - begin);
    });
  });
  if (!done) ReferenceBackend::pixels(convention, rgb, dst);
}

void CpuBackend::pixels_backward(const PixelConvention& convention, const Tensor& ddst,
                                 const Tensor& drgb) {
  const bool done = dispatch_fast(ddst.dtype(), [&](auto tag) {
    using T = decltype(tag);
    const T* dy = ddst.data<T>();
    float* dx = drgb.data<float>();
    parallel_for(drgb.shape().pixels(), grain / 4, [&](int64_t begin, int64_t end) {
      kernels_.of<T>().pixels_backward(convention.matrix.data(), dy + 3 * begin, dx + 3 * begin,
                                       end - begin);
    });
  });
  if (!done) ReferenceBackend::pixels_backward(convention, ddst, drgb);
}

void CpuBackend::channel_sums(const Tensor& features, const Tensor& target, const Tensor& sums) {
  const bool done = sums.dtype() == DType::f64 && dispatch_fast(features.dtype(), [&](auto tag) {
                      using T = decltype(tag);
                      const T *f = features.data<T>(), *t = target.data<T>();
                      const int64_t c = features.shape().c();
                      sum_in_parts(features.shape().pixels(), features.size(), sums,
                                   [&](int64_t begin, int64_t end, double* into) {
                                     kernels_.of<T>().channel_sums(f + begin * c, t + begin * c,
                                                                   end - begin, c, into);
                                   });
                    });
  if (!done) ReferenceBackend::channel_sums(features, target, sums);
}

void CpuBackend::channel_blend(const Tensor& features, const Tensor& target,
                               const Tensor& coefficients, bool accumulated, const Tensor& dst) {
  const bool done = dispatch_fast(features.dtype(), [&](auto tag) {
    using T = decltype(tag);
    const T *f = features.data<T>(), *t = target.data<T>();
    T* y = dst.data<T>();
    const int64_t channels = features.shape().c();
    parallel_for(features.shape().pixels(), grain / channels, [&](int64_t begin, int64_t end) {
      kernels_.of<T>().channel_blend(f + begin * channels, t + begin * channels,
                                     coefficients.data<float>(), accumulated, y + begin * channels,
                                     end - begin, channels);
    });
  });
  if (!done) ReferenceBackend::channel_blend(features, target, coefficients, accumulated, dst);
}

}  // namespace impasto
