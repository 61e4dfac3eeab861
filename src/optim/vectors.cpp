#include "optim/vectors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "base/parallel.h"

// Compiled for several processors, chosen when the program starts. Sanitizers and other compilers
// than GCC get the plain version.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define IMPASTO_VECTORISED \
  __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define IMPASTO_VECTORISED
#endif

namespace impasto {

namespace {

constexpr int64_t chunk = 1 << 15;  // elements that one partial sum covers
constexpr int64_t block = 512;      // elements that stay in the first cache
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

// Three dot products with one f32 vector.
IMPASTO_VECTORISED void dot3(const double* a, const double* b, const double* c, const float* v,
                             int64_t n, double* sums, int64_t stride) {
  double x[lanes] = {}, y[lanes] = {}, z[lanes] = {};
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (int l = 0; l < lanes; ++l) {
      const double value = v[i + l];
      x[l] += a[i + l] * value;
      y[l] += b[i + l] * value;
      z[l] += c[i + l] * value;
    }
  }
  for (int l = 0; i < n; ++i, ++l) {
    x[l] += a[i] * v[i];
    y[l] += b[i] * v[i];
    z[l] += c[i] * v[i];
  }
  for (int l = 0; l < lanes; ++l) {
    sums[0] += x[l];
    sums[stride] += y[l];
    sums[2 * stride] += z[l];
  }
}

IMPASTO_VECTORISED void difference(const float* g, const float* s, float* y, int64_t n, double* dg,
                                   double* ds, double* dy) {
  for (int64_t i = 0; i < n; ++i) {
    y[i] = g[i] - y[i];
    dg[i] = g[i];
    ds[i] = s[i];
    dy[i] = y[i];
  }
}

IMPASTO_VECTORISED void add_scaled(double factor, const float* v, int64_t n, double* sum) {
  for (int64_t i = 0; i < n; ++i) sum[i] += factor * v[i];
}

IMPASTO_VECTORISED void adam_chunk(const AdamStep& step, const float* g, int64_t n, float* m,
                                   float* v, float* x) {
  for (int64_t i = 0; i < n; ++i) {
    m[i] = step.keep1 * m[i] + step.take1 * g[i];
    v[i] = step.keep2 * v[i] + step.take2 * g[i] * g[i];
    x[i] -= step.rate * m[i] / (std::sqrt(v[i]) * step.inverse_root + step.epsilon);
  }
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

std::vector<double> pair_dots(const float* g, const float* s, float* y,
                              std::span<const float* const> others, int64_t n) {
  const size_t width = others.size() + 3;
  return chunked_sums(n, 3 * width, [&](int64_t begin, int64_t end, double* sums) {
    std::array<double, block> dg, ds, dy;
    for (int64_t at = begin; at < end; at += block) {
      const int64_t count = std::min(block, end - at);
      difference(g + at, s + at, y + at, count, dg.data(), ds.data(), dy.data());
      const auto dot = [&](const float* v, size_t column) {
        dot3(dg.data(), ds.data(), dy.data(), v + at, count, sums + column,
             static_cast<int64_t>(width));
      };
      for (size_t k = 0; k < others.size(); ++k) dot(others[k], k);
      dot(g, width - 3);
      dot(s, width - 2);
      dot(y, width - 1);
    }
  });
}

void move_along(std::span<const float* const> vectors, std::span<const double> coefficients,
                int64_t n, float* step, float* before, float* x) {
  for_chunks(n, [&](int64_t, int64_t begin, int64_t end) {
    std::array<double, block> sum;
    for (int64_t at = begin; at < end; at += block) {
      const int64_t count = std::min(block, end - at);
      sum.fill(0);
      for (size_t k = 0; k < vectors.size(); ++k) {
        add_scaled(coefficients[k], vectors[k] + at, count, sum.data());
      }
      if (before) std::copy_n(x + at, count, before + at);
      for (int64_t i = 0; i < count; ++i) {
        step[at + i] = static_cast<float>(sum[static_cast<size_t>(i)]);
        x[at + i] += step[at + i];
      }
    }
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
