// Primitives on single elements or along channels at one position.

#include <cmath>

#include "backend/reference/access.h"
#include "backend/reference/reference.h"

namespace impasto {

void ReferenceBackend::accumulate(const Tensor& src, float factor, const Tensor& dst) {
  const Access x(src), y(dst);
  for (int64_t i = 0; i < src.size(); ++i) y.add(i, factor * x.get(i));
}

void ReferenceBackend::scale(const Tensor& src, float factor, const Tensor& dst) {
  const Access x(src), y(dst);
  for (int64_t i = 0; i < src.size(); ++i) y.set(i, factor * x.get(i));
}

void ReferenceBackend::add(const Tensor& a, const Tensor& b, const Tensor& dst) {
  scale(a, 1.0f, dst);
  accumulate(b, 1.0f, dst);
}

void ReferenceBackend::add_enlarged(const Tensor& low, const Tensor& b, const Tensor& c,
                                    const Tensor& dst) {
  const Shape& s = dst.shape();
  const Access xa(low), xb(b), xc(c ? c : b), y(dst);
  for (int64_t n = 0; n < s.n(); ++n) {
    for (int64_t i = 0; i < s.h(); ++i) {
      for (int64_t j = 0; j < s.w(); ++j) {
        for (int64_t k = 0; k < s.c(); ++k) {
          const int64_t at = y.at(n, i, j, k);
          y.set(at, xa.get(xa.at(n, i / 2, j / 2, k)) + xb.get(at) + (c ? xc.get(at) : 0));
        }
      }
    }
  }
}

void ReferenceBackend::concat(const Tensor& a, const Tensor& b, const Tensor& dst) {
  const Access xa(a), xb(b), y(dst);
  const int64_t ca = a.shape().c(), cb = b.shape().c();
  for (int64_t p = 0; p < a.shape().pixels(); ++p) {
    for (int64_t c = 0; c < ca; ++c) y.set(p * (ca + cb) + c, xa.get(p * ca + c));
    for (int64_t c = 0; c < cb; ++c) y.set(p * (ca + cb) + ca + c, xb.get(p * cb + c));
  }
}

void ReferenceBackend::concat_backward(const Tensor& ddst, const Tensor& da, const Tensor& db) {
  const Access dy(ddst), xa(da), xb(db);
  const int64_t ca = da.shape().c(), cb = db.shape().c();
  for (int64_t p = 0; p < da.shape().pixels(); ++p) {
    for (int64_t c = 0; c < ca; ++c) xa.set(p * ca + c, dy.get(p * (ca + cb) + c));
    for (int64_t c = 0; c < cb; ++c) xb.set(p * cb + c, dy.get(p * (ca + cb) + ca + c));
  }
}

void ReferenceBackend::tanh(const Tensor& src, const Tensor& dst) {
  const Access x(src), y(dst);
  for (int64_t i = 0; i < src.size(); ++i) y.set(i, std::tanh(x.get(i)));
}

void ReferenceBackend::tanh_backward(const Tensor& dst, const Tensor& ddst, const Tensor& dsrc) {
  const Access y(dst), dy(ddst), dx(dsrc);
  for (int64_t i = 0; i < dst.size(); ++i) dx.set(i, dy.get(i) * (1 - y.get(i) * y.get(i)));
}

void ReferenceBackend::pixels(const PixelConvention& convention, const Tensor& rgb,
                              const Tensor& dst) {
  const Access x(rgb), y(dst);
  for (int64_t p = 0; p < rgb.shape().pixels(); ++p) {
    for (size_t row = 0; row < 3; ++row) {
      double sum = convention.offset[row];
      for (size_t c = 0; c < 3; ++c) {
        sum += convention.matrix[row * 3 + c] * x.get(p * 3 + static_cast<int64_t>(c));
      }
      y.set(p * 3 + static_cast<int64_t>(row), sum);
    }
  }
}

void ReferenceBackend::pixels_backward(const PixelConvention& convention, const Tensor& ddst,
                                       const Tensor& drgb) {
  const Access dy(ddst), dx(drgb);
  for (int64_t p = 0; p < drgb.shape().pixels(); ++p) {
    for (size_t c = 0; c < 3; ++c) {
      double sum = 0;
      for (size_t row = 0; row < 3; ++row) {
        sum += convention.matrix[row * 3 + c] * dy.get(p * 3 + static_cast<int64_t>(row));
      }
      dx.set(p * 3 + static_cast<int64_t>(c), sum);
    }
  }
}

void ReferenceBackend::affine(const Tensor& src, const Tensor& scale, const Tensor& shift,
                              const Tensor& dst) {
  const Access x(src), a(scale), b(shift), y(dst);
  const Shape& s = src.shape();
  const bool shared = scale.shape()[0] == 1;
  for (int64_t i = 0; i < src.size(); ++i) {
    const int64_t k = (shared ? 0 : i / (s.h() * s.w() * s.c()) * s.c()) + i % s.c();
    y.set(i, x.get(i) * a.get(k) + b.get(k));
  }
}

void ReferenceBackend::affine_backward(const Tensor& src, const Tensor& scale, const Tensor& ddst,
                                       const Tensor& dsrc, const Tensor& dscale,
                                       const Tensor& dshift) {
  const Access x(src), a(scale), dy(ddst), dx(dsrc), da(dscale), db(dshift);
  const Shape& s = src.shape();
  const bool shared = scale.shape()[0] == 1;
  dscale.fill(0);
  dshift.fill(0);
  for (int64_t i = 0; i < src.size(); ++i) {
    const int64_t k = (shared ? 0 : i / (s.h() * s.w() * s.c()) * s.c()) + i % s.c();
    const double g = dy.get(i);
    dx.set(i, g * a.get(k));
    da.add(k, g * x.get(i));
    db.add(k, g);
  }
}

}  // namespace impasto
