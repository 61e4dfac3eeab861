// Scale and shift by channel, and the render matrix: what follows a style from picture to picture.
// One picture of the batch after the other.

#include <algorithm>

#include "backend/cpu/cpu.h"
#include "backend/cpu/kernels.h"
#include "base/parallel.h"

namespace impasto {

namespace {

// Row i of what each picture of a batch has of its own (row 0 when they share it).
Tensor row(const Tensor& parameters, int64_t i) {
  const int64_t c = parameters.shape()[1];
  return parameters.slice(parameters.shape()[0] == 1 ? 0 : i * c, {c});
}

PixelConvention transposed(const PixelConvention& convention) {
  const auto& m = convention.matrix;
  return {{m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}, {}};
}

}  // namespace

void CpuBackend::affine(const Tensor& src, const Tensor& scale, const Tensor& shift,
                        const Tensor& dst) {
  if (src.dtype() == DType::f64) return ReferenceBackend::affine(src, scale, shift, dst);
  const int64_t c = src.shape().c(), count = src.shape().h() * src.shape().w();
  const auto run = [&](auto tag) {
    using T = decltype(tag);
    const auto& k = kernels_.of<T>();
    for (int64_t i = 0; i < src.shape().n(); ++i) {
      const T* x = src.picture(i).template data<T>();
      T* y = dst.picture(i).template data<T>();
      const Tensor a = row(scale, i), b = row(shift, i);
      parallel_for(count, std::max<int64_t>(1, 16384 / c), [&](int64_t begin, int64_t end) {
        k.affine(x + begin * c, a.data<float>(), b.data<float>(), y + begin * c, end - begin, c);
      });
    }
  };
  src.dtype() == DType::bf16 ? run(bfloat16{}) : run(float{});
}

void CpuBackend::affine_backward(const Tensor& src, const Tensor& scale, const Tensor& ddst,
                                 const Tensor& dsrc, const Tensor& dscale, const Tensor& dshift) {
  if (src.dtype() == DType::f64) {
    return ReferenceBackend::affine_backward(src, scale, ddst, dsrc, dscale, dshift);
  }
  const int64_t c = src.shape().c();
  const Tensor sums({3, c}, DType::f64);  // of g, g^2 and g x
  dscale.fill(0);
  dshift.fill(0);
  for (int64_t i = 0; i < src.shape().n(); ++i) {
    const Tensor g = ddst.picture(i);
    channel_sums(g, src.picture(i), sums);
    const Tensor da = row(dscale, i), db = row(dshift, i);
    for (int64_t k = 0; k < c; ++k) {
      da.data<float>()[k] += static_cast<float>(sums.data<double>()[2 * c + k]);
      db.data<float>()[k] += static_cast<float>(sums.data<double>()[k]);
    }
    const Tensor coefficients = Tensor::zeros({3, c});
    coefficients.slice(0, {c}).copy_from(row(scale, i));
    channel_blend(g, g, coefficients, false, dsrc.picture(i));
  }
}

void CpuBackend::render(const PixelConvention& convention, const Tensor& src, const Tensor& rgb) {
  if (src.dtype() == DType::f64) return ReferenceBackend::render(convention, src, rgb);
  pixels_backward(transposed(convention), src, rgb);
  float* y = rgb.data<float>();
  parallel_for(rgb.shape().pixels(), 4096, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      for (int64_t c = 0; c < 3; ++c) y[3 * p + c] += convention.offset[static_cast<size_t>(c)];
    }
  });
}

void CpuBackend::render_backward(const PixelConvention& convention, const Tensor& drgb,
                                 const Tensor& dsrc) {
  pixels(transposed(convention), drgb, dsrc);
}

}  // namespace impasto
