// Primitives that move pixels: padding, pooling, resampling.

#include <algorithm>
#include <vector>

#include "backend/border.h"
#include "backend/reference/access.h"
#include "backend/reference/reference.h"

namespace impasto {

namespace {

template <class F>
void for_each_pixel(const Shape& s, F&& f) {
  for (int64_t n = 0; n < s.n(); ++n) {
    for (int64_t y = 0; y < s.h(); ++y) {
      for (int64_t x = 0; x < s.w(); ++x) f(n, y, x);
    }
  }
}

// Adds into doubles first, so that narrow types round once.
class Sum {
 public:
  explicit Sum(const Tensor& target) : at(target), values_(static_cast<size_t>(target.size())) {}
  ~Sum() {
    for (size_t i = 0; i < values_.size(); ++i) at.set(static_cast<int64_t>(i), values_[i]);
  }
  double& operator[](int64_t i) { return values_[static_cast<size_t>(i)]; }

  const Access at;

 private:
  std::vector<double> values_;
};

}  // namespace

void ReferenceBackend::pad2d(const Pad2dDesc& d, const Tensor& src, const Tensor& dst) {
  const Access x(src), y(dst);
  for_each_pixel(d.dst(), [&](int64_t n, int64_t oy, int64_t ox) {
    const int64_t iy = border_index(oy - d.border, d.src.h(), d.mode);
    const int64_t ix = border_index(ox - d.border, d.src.w(), d.mode);
    for (int64_t c = 0; c < d.src.c(); ++c) {
      y.set(y.at(n, oy, ox, c), iy < 0 || ix < 0 ? 0.0 : x.get(x.at(n, iy, ix, c)));
    }
  });
}

void ReferenceBackend::pad2d_backward(const Pad2dDesc& d, const Tensor& ddst, const Tensor& dsrc) {
  const Access dy(ddst);
  Sum dx(dsrc);
  for_each_pixel(d.dst(), [&](int64_t n, int64_t oy, int64_t ox) {
    const int64_t iy = border_index(oy - d.border, d.src.h(), d.mode);
    const int64_t ix = border_index(ox - d.border, d.src.w(), d.mode);
    if (iy < 0 || ix < 0) return;
    for (int64_t c = 0; c < d.src.c(); ++c) {
      dx[dx.at.at(n, iy, ix, c)] += dy.get(dy.at(n, oy, ox, c));
    }
  });
}

void ReferenceBackend::pool2d(const Pool2dDesc& d, const Tensor& src, const Tensor& dst) {
  const Access x(src), y(dst);
  const int64_t kh = std::min<int64_t>(d.size, d.src.h()),
                kw = std::min<int64_t>(d.size, d.src.w());
  for_each_pixel(d.dst(), [&](int64_t n, int64_t oy, int64_t ox) {
    for (int64_t c = 0; c < d.src.c(); ++c) {
      double sum = 0, largest = x.get(x.at(n, oy * d.size, ox * d.size, c));
      for (int64_t ky = 0; ky < kh; ++ky) {
        for (int64_t kx = 0; kx < kw; ++kx) {
          const double v = x.get(x.at(n, oy * d.size + ky, ox * d.size + kx, c));
          sum += v;
          largest = std::max(largest, v);
        }
      }
      y.set(y.at(n, oy, ox, c),
            d.kind == PoolKind::max ? largest : sum / static_cast<double>(kh * kw));
    }
  });
}

void ReferenceBackend::pool2d_backward(const Pool2dDesc& d, const Tensor& src, const Tensor& ddst,
                                       const Tensor& dsrc) {
  const Access x(src), dy(ddst);
  Sum dx(dsrc);
  const int64_t kh = std::min<int64_t>(d.size, d.src.h()),
                kw = std::min<int64_t>(d.size, d.src.w());
  for_each_pixel(d.dst(), [&](int64_t n, int64_t oy, int64_t ox) {
    for (int64_t c = 0; c < d.src.c(); ++c) {
      const double g = dy.get(dy.at(n, oy, ox, c));
      int64_t winner = dx.at.at(n, oy * d.size, ox * d.size, c);
      for (int64_t ky = 0; ky < kh; ++ky) {
        for (int64_t kx = 0; kx < kw; ++kx) {
          const int64_t i = dx.at.at(n, oy * d.size + ky, ox * d.size + kx, c);
          if (d.kind == PoolKind::average)
            dx[i] += g / static_cast<double>(kh * kw);
          else if (x.get(i) > x.get(winner))
            winner = i;
        }
      }
      if (d.kind == PoolKind::max) dx[winner] += g;
    }
  });
}

void ReferenceBackend::upsample2d(const Upsample2dDesc& d, const Tensor& src, const Tensor& dst) {
  const Access x(src), y(dst);
  for_each_pixel(d.dst(), [&](int64_t n, int64_t oy, int64_t ox) {
    const LinearTap v = linear_tap(oy, d.src.h(), d.dst_h), h = linear_tap(ox, d.src.w(), d.dst_w);
    for (int64_t c = 0; c < d.src.c(); ++c) {
      const auto get = [&](int64_t iy, int64_t ix) { return x.get(x.at(n, iy, ix, c)); };
      double value;
      if (d.kind == Interpolation::nearest) {
        value = get(nearest_tap(oy, d.src.h(), d.dst_h), nearest_tap(ox, d.src.w(), d.dst_w));
      } else {
        value =
            (1 - v.weight) * ((1 - h.weight) * get(v.low, h.low) + h.weight * get(v.low, h.high)) +
            v.weight * ((1 - h.weight) * get(v.high, h.low) + h.weight * get(v.high, h.high));
      }
      y.set(y.at(n, oy, ox, c), value);
    }
  });
}

void ReferenceBackend::upsample2d_backward(const Upsample2dDesc& d, const Tensor& ddst,
                                           const Tensor& dsrc) {
  const Access dy(ddst);
  Sum dx(dsrc);
  for_each_pixel(d.dst(), [&](int64_t n, int64_t oy, int64_t ox) {
    const LinearTap v = linear_tap(oy, d.src.h(), d.dst_h), h = linear_tap(ox, d.src.w(), d.dst_w);
    for (int64_t c = 0; c < d.src.c(); ++c) {
      const double g = dy.get(dy.at(n, oy, ox, c));
      const auto add = [&](int64_t iy, int64_t ix, double w) {
        dx[dx.at.at(n, iy, ix, c)] += w * g;
      };
      if (d.kind == Interpolation::nearest) {
        add(nearest_tap(oy, d.src.h(), d.dst_h), nearest_tap(ox, d.src.w(), d.dst_w), 1);
      } else {
        add(v.low, h.low, (1 - v.weight) * (1 - h.weight));
        add(v.low, h.high, (1 - v.weight) * h.weight);
        add(v.high, h.low, v.weight * (1 - h.weight));
        add(v.high, h.high, v.weight * h.weight);
      }
    }
  });
}

}  // namespace impasto
