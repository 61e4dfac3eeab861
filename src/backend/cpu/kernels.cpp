// Compiled once per instruction set (IMPASTO_ISA names the namespace). Everything but the table is
// local and nothing from the standard library is called, so that no wide instruction can leak
// into code that runs on smaller processors.

#include "backend/cpu/kernels.h"

#define IMPASTO_STRING_(x) #x
#define IMPASTO_STRING(x) IMPASTO_STRING_(x)

namespace impasto::IMPASTO_ISA {

namespace {

inline float load(float v) {
  return v;
}
inline float load(bfloat16 v) {
  const uint32_t u = static_cast<uint32_t>(v.bits) << 16;
  float f;
  __builtin_memcpy(&f, &u, 4);
  return f;
}
inline void put(float v, float& y) {
  y = v;
}
inline void put(float v, bfloat16& y) {  // to nearest even; NaN stays NaN
  uint32_t u;
  __builtin_memcpy(&u, &v, 4);
  const uint32_t rounded = (u + 0x7fffu + ((u >> 16) & 1u)) >> 16;
  y.bits = static_cast<uint16_t>(v != v ? 0x7fc0u : rounded);
}

constexpr int64_t lanes = 16;

// Calls f(0) .. f(n - 1), sixteen at a time where it can: as many as a register holds at best. A
// plain loop over 16 channels is too short for the compiler to vectorise well.
template <class F>
inline void for_lanes(int64_t n, F f) {
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (int64_t l = 0; l < lanes; ++l) f(i + l);
  }
  for (; i < n; ++i) f(i);
}

// Numbers that compare as the values do (NaN aside), and for bf16 need no widening: as many fit a
// register as fit.
inline float order(float v) {
  return v;
}
inline int16_t order(bfloat16 v) {
  const auto bits = static_cast<int16_t>(v.bits);
  return static_cast<int16_t>(bits ^ ((bits >> 15) & 0x7fff));
}
// What can be moved without looking at it; the compiler does not vectorise a choice of structs.
inline float& raw(float& v) {
  return v;
}
inline const float& raw(const float& v) {
  return v;
}
inline uint16_t& raw(bfloat16& v) {
  return v.bits;
}
inline const uint16_t& raw(const bfloat16& v) {
  return v.bits;
}

template <class T>
void relu_backward(const T* y, const T* dy, T* dx, int64_t count) {
#ifndef __clang__
#pragma GCC ivdep  // dx may be dy
#endif
  for (int64_t i = 0; i < count; ++i) {
    const auto v = raw(dy[i]);
    raw(dx[i]) = order(y[i]) > 0 ? v : decltype(v){0};
  }
}

template <class T>
void accumulate(const T* __restrict x, float factor, T* __restrict y, int64_t count) {
  for (int64_t i = 0; i < count; ++i) put(load(y[i]) + factor * load(x[i]), y[i]);
}

template <class T>
void add(const T* __restrict a, const T* __restrict b, T* __restrict y, int64_t count) {
  for (int64_t i = 0; i < count; ++i) put(load(a[i]) + load(b[i]), y[i]);
}

template <class T>
void add_enlarged(const T* __restrict low, const T* __restrict b, const T* __restrict c,
                  T* __restrict y, int64_t pixels, int64_t channels) {
  for (int64_t p = 0; p < pixels; ++p) {
    const int64_t at = p * channels;
    const T* x = low + p / 2 * channels;
    if (c)
      for_lanes(channels,
                [&](int64_t i) { put(load(x[i]) + load(b[at + i]) + load(c[at + i]), y[at + i]); });
    else
      for_lanes(channels, [&](int64_t i) { put(load(x[i]) + load(b[at + i]), y[at + i]); });
  }
}

template <class T>
void scale(const T* x, float factor, T* y, int64_t count) {
  for (int64_t i = 0; i < count; ++i) put(factor * load(x[i]), y[i]);
}

// Of a quarter of x, whose fraction (Lambert 1770) of degrees 7 and 6 is exact as far as 9 / 4,
// then twice the tangent of the double: (p / q, p / q) -> 2 p q / (p^2 + q^2). So one division
// does.
inline float tanh_below_9(float v) {
  const float x = 0.25f * v, s = x * x;
  float p = x * (1 + s * (17325.0f / 135135 + s * (378.0f / 135135 + s * (1.0f / 135135))));
  float q = 1 + s * (62370.0f / 135135 + s * (3150.0f / 135135 + s * (28.0f / 135135)));
  for (int doubled = 0; doubled < 2; ++doubled) {
    const float product = 2 * p * q;
    q = p * p + q * q;
    p = product;
  }
  return p / q;
}

template <class T>
void tanh(const T* __restrict x, T* __restrict y, int64_t count) {
  constexpr int64_t block = 256;
  constexpr float most = 9.1f;  // from there on it is 1
  for (int64_t begin = 0; begin < count; begin += block) {
    const int64_t n = count - begin < block ? count - begin : block;
    // Clamped beforehand: in one loop the compiler makes branches of it, which stay. NaN stays.
    float v[block];
    for (int64_t i = 0; i < n; ++i) {
      const float low = load(x[begin + i]) > most ? most : load(x[begin + i]);
      v[i] = low < -most ? -most : low;
    }
    for (int64_t i = 0; i < n; ++i) put(tanh_below_9(v[i]), y[begin + i]);
  }
}

template <class T>
void tanh_backward(const T* y, const T* dy, T* dx, int64_t count) {
#ifndef __clang__
#pragma GCC ivdep  // dx may be dy
#endif
  for (int64_t i = 0; i < count; ++i) {
    const float v = load(y[i]);
    put(load(dy[i]) * (1 - v * v), dx[i]);
  }
}

template <class T>
void pool_row(const T* __restrict top, const T* __restrict bottom, bool maximum, T* __restrict y,
              int64_t pixels, int64_t channels) {
  for (int64_t p = 0; p < pixels; ++p) {
    const T *a = top + 2 * p * channels, *b = a + channels;
    const T *c = bottom + 2 * p * channels, *d = c + channels;
    T* out = y + p * channels;
    if (maximum) {
      for_lanes(channels, [&](int64_t i) {
        const auto ka = order(a[i]), kb = order(b[i]), kc = order(c[i]), kd = order(d[i]);
        const auto va = raw(a[i]), vb = raw(b[i]), vc = raw(c[i]), vd = raw(d[i]);
        const auto m = ka > kb ? va : vb, n = kc > kd ? vc : vd;
        raw(out[i]) = (ka > kb ? ka : kb) > (kc > kd ? kc : kd) ? m : n;
      });
    } else {
      for_lanes(channels, [&](int64_t i) {
        put(0.25f * (load(a[i]) + load(b[i]) + load(c[i]) + load(d[i])), out[i]);
      });
    }
  }
}

template <class T>
void pool_row_backward(const T* __restrict top, const T* __restrict bottom, const T* __restrict dy,
                       bool maximum, T* __restrict dtop, T* __restrict dbottom, int64_t pixels,
                       int64_t channels) {
  for (int64_t p = 0; p < pixels; ++p) {
    const int64_t at = 2 * p * channels;
    const T* g = dy + p * channels;
    T *da = dtop + at, *db = da + channels, *dc = dbottom + at, *dd = dc + channels;
    if (maximum) {  // the first largest wins, in the order a b c d
      const T *a = top + at, *b = a + channels, *c = bottom + at, *d = c + channels;
      for_lanes(channels, [&](int64_t i) {
        const auto va = order(a[i]), vb = order(b[i]), vc = order(c[i]), vd = order(d[i]);
        const auto v = raw(g[i]);
        const decltype(v) none{0};
        const auto ab = va >= vb ? va : vb, cd = vc >= vd ? vc : vd;
        const auto first = ab >= cd ? v : none, second = ab >= cd ? none : v;
        raw(da[i]) = va >= vb ? first : none;
        raw(db[i]) = va >= vb ? none : first;
        raw(dc[i]) = vc >= vd ? second : none;
        raw(dd[i]) = vc >= vd ? none : second;
      });
    } else {
      for_lanes(channels, [&](int64_t i) {
        const float v = 0.25f * load(g[i]);
        put(v, da[i]);
        put(v, db[i]);
        put(v, dc[i]);
        put(v, dd[i]);
      });
    }
  }
}

// f32 over short blocks, f64 over blocks: exact enough for variances of long rows.
constexpr int64_t block_pixels = 64, block_channels = 512;

template <class T>
void sums(const T* __restrict f, int64_t pixels, int64_t channels, double* __restrict sums) {
  for (int64_t c0 = 0; c0 < channels; c0 += block_channels) {
    const int64_t n = channels - c0 < block_channels ? channels - c0 : block_channels;
    for (int64_t p0 = 0; p0 < pixels; p0 += block_pixels) {
      float s[block_channels];
      for (int64_t i = 0; i < n; ++i) s[i] = 0;
      const int64_t end = p0 + block_pixels < pixels ? p0 + block_pixels : pixels;
      for (int64_t p = p0; p < end; ++p) {
        const T* x = f + p * channels + c0;
        for_lanes(n, [&](int64_t i) { s[i] += load(x[i]); });
      }
      for (int64_t i = 0; i < n; ++i) sums[c0 + i] += static_cast<double>(s[i]);
    }
  }
}

template <class T>
void channel_sums(const T* __restrict f, const T* __restrict target, int64_t pixels,
                  int64_t channels, double* __restrict sums) {
  for (int64_t c0 = 0; c0 < channels; c0 += block_channels) {
    const int64_t n = channels - c0 < block_channels ? channels - c0 : block_channels;
    for (int64_t p0 = 0; p0 < pixels; p0 += block_pixels) {
      float s[block_channels], q[block_channels], t[block_channels];
      for (int64_t i = 0; i < n; ++i) s[i] = q[i] = t[i] = 0;
      const int64_t end = p0 + block_pixels < pixels ? p0 + block_pixels : pixels;
      for (int64_t p = p0; p < end; ++p) {
        const T *x = f + p * channels + c0, *z = target + p * channels + c0;
        for_lanes(n, [&](int64_t i) {
          const float v = load(x[i]);
          s[i] += v;
          q[i] += v * v;
          t[i] += v * load(z[i]);
        });
      }
      for (int64_t i = 0; i < n; ++i) {
        sums[c0 + i] += static_cast<double>(s[i]);
        sums[channels + c0 + i] += static_cast<double>(q[i]);
        sums[2 * channels + c0 + i] += static_cast<double>(t[i]);
      }
    }
  }
}

// Relative to each block's first pixel: where the mean is large beside the deviation, squares of
// the values would leave nothing of it in f32. A first pixel that is far from all others does no
// harm, as it makes the deviation large by itself.
template <class T>
void square_sums(const T* __restrict f, int64_t pixels, int64_t channels, double* __restrict sums) {
  for (int64_t c0 = 0; c0 < channels; c0 += block_channels) {
    const int64_t n = channels - c0 < block_channels ? channels - c0 : block_channels;
    for (int64_t p0 = 0; p0 < pixels; p0 += block_pixels) {
      float first[block_channels], s[block_channels], q[block_channels];
      const int64_t end = p0 + block_pixels < pixels ? p0 + block_pixels : pixels;
      for (int64_t i = 0; i < n; ++i) first[i] = load(f[p0 * channels + c0 + i]), s[i] = q[i] = 0;
      for (int64_t p = p0 + 1; p < end; ++p) {
        const T* x = f + p * channels + c0;
        for_lanes(n, [&](int64_t i) {
          const float v = load(x[i]) - first[i];
          s[i] += v;
          q[i] += v * v;
        });
      }
      const auto count = static_cast<double>(end - p0);
      for (int64_t i = 0; i < n; ++i) {
        const auto v = static_cast<double>(first[i]), more = static_cast<double>(s[i]);
        sums[c0 + i] += count * v + more;
        sums[channels + c0 + i] += static_cast<double>(q[i]) + 2 * v * more + count * v * v;
      }
    }
  }
}

template <class T>
void normalise(const T* __restrict x, const T* __restrict z, const float* __restrict k,
               T* __restrict y, int64_t pixels, int64_t channels) {
  const float *mean = k, *factor = k + channels, *along = k + 2 * channels;
  for (int64_t p = 0; p < pixels; ++p, x += channels, y += channels) {
    if (z) {
      for_lanes(channels, [&](int64_t i) {
        put(factor[i] * (load(x[i]) - mean[i] - along[i] * load(z[i])), y[i]);
      });
      z += channels;
    } else {
      for_lanes(channels, [&](int64_t i) { put(factor[i] * (load(x[i]) - mean[i]), y[i]); });
    }
  }
}

template <class T>
void channel_blend(const T* __restrict f, const T* __restrict target, const float* __restrict k,
                   bool accumulated, T* __restrict y, int64_t pixels, int64_t channels) {
  const float *ka = k, *kb = k + channels, *kc = k + 2 * channels;
  for (int64_t p = 0; p < pixels; ++p) {
    const T *x = f + p * channels, *t = target + p * channels;
    T* out = y + p * channels;
    if (accumulated) {
      for_lanes(channels, [&](int64_t i) {
        put(ka[i] * load(x[i]) + kb[i] * load(t[i]) + kc[i] + load(out[i]), out[i]);
      });
    } else {
      for_lanes(channels,
                [&](int64_t i) { put(ka[i] * load(x[i]) + kb[i] * load(t[i]) + kc[i], out[i]); });
    }
  }
}

template <class T>
void affine(const T* __restrict x, const float* __restrict scale, const float* __restrict shift,
            T* __restrict y, int64_t pixels, int64_t channels) {
  for (int64_t p = 0; p < pixels; ++p, x += channels, y += channels) {
    for_lanes(channels, [&](int64_t i) { put(scale[i] * load(x[i]) + shift[i], y[i]); });
  }
}

template <class T>
void pixels(const float* m, const float* offset, const float* __restrict rgb, T* __restrict y,
            int64_t count) {
  const float m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5], m6 = m[6],
              m7 = m[7], m8 = m[8], o0 = offset[0], o1 = offset[1], o2 = offset[2];
  for (int64_t p = 0; p < count; ++p) {
    const float r = rgb[3 * p], g = rgb[3 * p + 1], b = rgb[3 * p + 2];
    put(m0 * r + m1 * g + m2 * b + o0, y[3 * p]);
    put(m3 * r + m4 * g + m5 * b + o1, y[3 * p + 1]);
    put(m6 * r + m7 * g + m8 * b + o2, y[3 * p + 2]);
  }
}

template <class T>
void pixels_backward(const float* m, const T* __restrict dy, float* __restrict drgb,
                     int64_t count) {
  const float m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5], m6 = m[6],
              m7 = m[7], m8 = m[8];
  for (int64_t p = 0; p < count; ++p) {
    const float a = load(dy[3 * p]), b = load(dy[3 * p + 1]), c = load(dy[3 * p + 2]);
    drgb[3 * p] = m0 * a + m3 * b + m6 * c;
    drgb[3 * p + 1] = m1 * a + m4 * b + m7 * c;
    drgb[3 * p + 2] = m2 * a + m5 * b + m8 * c;
  }
}

template <class T>
void add_scaled(const T* __restrict x, float weight, float* __restrict y, int64_t count) {
  for (int64_t i = 0; i < count; ++i) y[i] += weight * load(x[i]);
}

template <class T>
void store(const float* __restrict x, T* __restrict y, int64_t count) {
  for (int64_t i = 0; i < count; ++i) put(x[i], y[i]);
}

template <class T>
constexpr TypedKernels<T> typed() {
  return {relu_backward<T>, accumulate<T>,      add<T>,
          add_enlarged<T>,  scale<T>,           tanh<T>,
          tanh_backward<T>, pool_row<T>,        pool_row_backward<T>,
          sums<T>,          channel_sums<T>,    square_sums<T>,
          normalise<T>,     channel_blend<T>,   affine<T>,
          pixels<T>,        pixels_backward<T>, add_scaled<T>,
          store<T>};
}

}  // namespace

extern const Kernels table;
const Kernels table = {IMPASTO_STRING(IMPASTO_ISA), typed<float>(), typed<bfloat16>()};

}  // namespace impasto::IMPASTO_ISA
