#include "optim/vectors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>

#include "base/isa.h"
#include "base/parallel.h"

namespace impasto {

namespace {

constexpr int64_t chunk = 1 << 15;  // elements that one partial sum covers
constexpr int64_t block = 2048;     // elements that stay in the nearest caches
constexpr int lanes = 16;

void for_chunks(int64_t n,
                const std::function<void(int64_t chunk_index, int64_t begin, int64_t end)>& body) {
  parallel_for((n + chunk - 1) / chunk, 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) body(i, i * chunk, std::min(n, (i + 1) * chunk));
  });
}

// Adds up `width` sums over all chunks, in their order.
std::vector<double> chunked_sums(
    int64_t n, size_t width,
    const std::function<void(int64_t begin, int64_t end, double* sums)>& body) {
  std::vector<double> parts(static_cast<size_t>((n + chunk - 1) / chunk) * width);
  for_chunks(n, [&](int64_t i, int64_t begin, int64_t end) {
    body(begin, end, parts.data() + static_cast<size_t>(i) * width);
  });
  std::vector<double> total(width);
  for (size_t i = 0; i < parts.size(); ++i) total[i % width] += parts[i];
  return total;
}

// Sixteen numbers in as many registers as the processor needs for them.
typedef float Lanes __attribute__((vector_size(64)));
typedef uint32_t WideBits __attribute__((vector_size(64)));
typedef uint16_t NarrowBits __attribute__((vector_size(32)));

IMPASTO_INLINE void load(const float* p, Lanes& v) {
  __builtin_memcpy(&v, p, sizeof v);
}
IMPASTO_INLINE void load(const bfloat16* p, Lanes& v) {
  NarrowBits narrow;
  __builtin_memcpy(&narrow, p, sizeof narrow);
  const WideBits wide = __builtin_convertvector(narrow, WideBits) << 16;
  __builtin_memcpy(&v, &wide, sizeof v);
}
IMPASTO_INLINE void load(const float* p, float& v) {
  v = *p;
}
IMPASTO_INLINE void load(const bfloat16* p, float& v) {
  v = std::bit_cast<float>(static_cast<uint32_t>(p->bits) << 16);
}

// Adds the dot products of v with a, b and c over at most a block, in f32 within it.
template <class T>
IMPASTO_INLINE void dot3_of(const float* a, const float* b, const float* c, const T* v, int64_t n,
                            double* sums, int64_t stride) {
  Lanes x[2]{}, y[2]{}, z[2]{};  // two chains of additions each, to hide their latency
  int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    for (int k = 0; k < 2; ++k) {
      Lanes la, lb, lc, lv;
      const int64_t at = i + k * lanes;
      load(v + at, lv), load(a + at, la), load(b + at, lb), load(c + at, lc);
      x[k] += la * lv, y[k] += lb * lv, z[k] += lc * lv;
    }
  }
  x[0] += x[1], y[0] += y[1], z[0] += z[1];
  double sx = 0, sy = 0, sz = 0;
  for (int l = 0; l < lanes; ++l) sx += x[0][l], sy += y[0][l], sz += z[0][l];
  for (; i < n; ++i) {
    float rest;
    load(v + i, rest);
    const double one = rest;
    sx += one * a[i], sy += one * b[i], sz += one * c[i];
  }
  sums[0] += sx, sums[stride] += sy, sums[2 * stride] += sz;
}
void dot3(const float* a, const float* b, const float* c, const float* v, int64_t n, double* sums,
          int64_t stride) {
  vectorised([=] { dot3_of(a, b, c, v, n, sums, stride); });
}
void dot3(const float* a, const float* b, const float* c, const bfloat16* v, int64_t n,
          double* sums, int64_t stride) {
  vectorised([=] { dot3_of(a, b, c, v, n, sums, stride); });
}

template <class T>
IMPASTO_INLINE void add_scaled_of(float factor, const T* v, int64_t n, float* sum) {
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    Lanes add, to;
    load(v + i, add), load(sum + i, to);
    to += factor * add;
    __builtin_memcpy(sum + i, &to, sizeof to);
  }
  for (; i < n; ++i) {
    float one;
    load(v + i, one);
    sum[i] += factor * one;
  }
}
void add_scaled(float factor, const float* v, int64_t n, float* sum) {
  vectorised([=] { add_scaled_of(factor, v, n, sum); });
}
void add_scaled(float factor, const bfloat16* v, int64_t n, float* sum) {
  vectorised([=] { add_scaled_of(factor, v, n, sum); });
}

void difference(const float* a, const float* b, int64_t n, float* out) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) out[i] = a[i] - b[i];
  });
}

void widen(const bfloat16* v, int64_t n, float* out) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) {
      out[i] = std::bit_cast<float>(static_cast<uint32_t>(v[i].bits) << 16);
    }
  });
}

// To the nearest even; what is not finite stays so, but a NaN may become an infinity.
void narrow(const float* v, int64_t n, bfloat16* out) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) {
      const uint32_t u = std::bit_cast<uint32_t>(v[i]);
      const bool finite = (u & 0x7f800000u) != 0x7f800000u;
      out[i].bits = static_cast<uint16_t>((u + (finite ? 0x7fffu + ((u >> 16) & 1u) : 0u)) >> 16);
    }
  });
}

// f(pointer to element `at`) of a history vector, f32 or bf16.
template <class F>
void with_block(const Tensor& t, int64_t at, F&& f) {
  t.dtype() == DType::f32 ? f(t.data<float>() + at) : f(t.data<bfloat16>() + at);
}

// Rounds a block to a history vector's type, and `values` with it.
void put_block(float* values, int64_t count, const Tensor& t, int64_t at) {
  if (t.dtype() == DType::f32) {
    std::copy_n(values, count, t.data<float>() + at);
  } else {
    narrow(values, count, t.data<bfloat16>() + at);
    widen(t.data<bfloat16>() + at, count, values);
  }
}

void adam_chunk(const AdamStep& step, const float* g, int64_t n, float* m, float* v, float* x) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) {
      m[i] = step.keep1 * m[i] + step.take1 * g[i];
      v[i] = step.keep2 * v[i] + step.take2 * g[i] * g[i];
      x[i] -= step.rate * m[i] / (std::sqrt(v[i]) * step.inverse_root + step.epsilon);
    }
  });
}

}  // namespace

Norms norms(const float* v, int64_t n) {
  const auto sums = chunked_sums(n, 2, [&](int64_t begin, int64_t end, double* out) {
    double absolute[lanes] = {}, square[lanes] = {};
    for (int64_t i = begin; i < end; ++i) {
      const double value = v[i];
      absolute[i % lanes] += std::abs(value);
      square[i % lanes] += value * value;
    }
    for (int l = 0; l < lanes; ++l) out[0] += absolute[l], out[1] += square[l];
  });
  return {sums[0], sums[1]};
}

std::vector<double> pair_dots(const float* g, const float* before, const Tensor& s, const Tensor& y,
                              std::span<const Tensor> others, int64_t n) {
  const size_t width = others.size() + 3;
  return chunked_sums(n, 3 * width, [&](int64_t begin, int64_t end, double* sums) {
    // The newest pair stays in the second cache, while the others stream by in long runs.
    thread_local Tensor room({2, chunk});
    float *new_s = room.data<float>(), *new_y = new_s + chunk;
    for (int64_t at = begin; at < end; at += block) {
      const int64_t count = std::min(block, end - at), i = at - begin;
      difference(g + at, before + at, count, new_y + i);
      put_block(new_y + i, count, y, at);
      std::fill_n(new_s + i, count, 0.0f);
      with_block(s, at, [&](const auto* v) { add_scaled(1, v, count, new_s + i); });
    }
    const auto dot = [&](const auto* v, size_t column) {
      for (int64_t i = 0; i < end - begin; i += block) {
        dot3(g + begin + i, new_s + i, new_y + i, v + i, std::min(block, end - begin - i),
             sums + column, static_cast<int64_t>(width));
      }
    };
    for (size_t k = 0; k < others.size(); ++k) {
      with_block(others[k], begin, [&](const auto* v) { dot(v, k); });
    }
    dot(g + begin, width - 3);
    dot(new_s, width - 2);
    dot(new_y, width - 1);
  });
}

void move_along(const float* g, double rate, std::span<const Tensor> vectors,
                std::span<const double> coefficients, int64_t n, const Tensor& step, float* before,
                float* x) {
  for_chunks(n, [&](int64_t, int64_t begin, int64_t end) {
    alignas(64) std::array<float, block> sum;
    for (int64_t at = begin; at < end; at += block) {
      const int64_t count = std::min(block, end - at);
      sum.fill(0);
      add_scaled(static_cast<float>(rate), g + at, count, sum.data());
      for (size_t k = 0; k < vectors.size(); ++k) {
        with_block(vectors[k], at, [&](const auto* v) {
          add_scaled(static_cast<float>(coefficients[k]), v, count, sum.data());
        });
      }
      if (before) std::copy_n(x + at, count, before + at);
      // x moves by what the history keeps, so that the pair is exact.
      put_block(sum.data(), count, step, at);
      add_scaled(1, sum.data(), count, x + at);
    }
  });
}

void add_scaled(double factor, const Tensor& v, int64_t n, float* x) {
  for_chunks(n, [&](int64_t, int64_t begin, int64_t end) {
    with_block(v, begin, [&](const auto* from) {
      add_scaled(static_cast<float>(factor), from, end - begin, x + begin);
    });
  });
}

void adam_step(const AdamStep& step, const float* g, int64_t n, float* m, float* v, float* before,
               float* x) {
  for_chunks(n, [&](int64_t, int64_t begin, int64_t end) {
    if (before) std::copy(x + begin, x + end, before + begin);
    adam_chunk(step, g + begin, end - begin, m + begin, v + begin, x + begin);
  });
}

}  // namespace impasto
