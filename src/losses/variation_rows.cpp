#include "losses/variation_rows.h"

#include <algorithm>

#include "base/isa.h"

namespace impasto {

namespace {

constexpr int lanes = 16;

// sum (a - b)^2 in independent lanes, which the compiler keeps in registers.
template <class T>
IMPASTO_INLINE double squared_distance(const T* a, const T* b, int64_t n) {
  T sums[lanes] = {};
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (int l = 0; l < lanes; ++l) sums[l] += (a[i + l] - b[i + l]) * (a[i + l] - b[i + l]);
  }
  double sum = 0;
  for (; i < n; ++i) sum += static_cast<double>((a[i] - b[i]) * (a[i] - b[i]));
  for (const T s : sums) sum += static_cast<double>(s);
  return sum;
}

template <class T>
IMPASTO_INLINE double variation(const RowTriple<T>& r, double along_x, double along_y,
                                double weight, T* g) {
  const T *p = r.row, *above = r.above, *below = r.below;
  const int64_t n = r.size, c = r.channels;
  if (g) {
    const T kx = static_cast<T>(2 * weight * along_x), ky = static_cast<T>(2 * weight * along_y);
    for (int64_t i = 0; i < n; ++i) g[i] += ky * (2 * p[i] - above[i] - below[i]);
    for (int64_t i = c; i < n - c; ++i) g[i] += kx * (2 * p[i] - p[i - c] - p[i + c]);
    for (int64_t i = 0; i < c && n > c; ++i) {  // the first and the last pixel have one neighbour
      g[i] += kx * (p[i] - p[i + c]);
      g[n - c + i] += kx * (p[n - c + i] - p[n - 2 * c + i]);
    }
  }
  return along_x * squared_distance(p + c, p, n - c) + along_y * squared_distance(below, p, n);
}

template <class T>
double seam(const RowTriple<T>& r, double along_x, double weight, T* g) {
  double sum = 0;
  for (int64_t i = 0, last = r.size - r.channels; i < r.channels; ++i) {
    const T difference = r.row[i] - r.row[last + i];
    sum += static_cast<double>(difference * difference);
    if (!g) continue;
    g[i] += static_cast<T>(2 * weight * along_x) * difference;
    g[last + i] -= static_cast<T>(2 * weight * along_x) * difference;
  }
  return along_x * sum;
}

template <class T>
IMPASTO_INLINE void without_grey(const T* from, int64_t pixels, T* to) {
  for (int64_t i = 0; i < 3 * pixels; i += 3) {
    const T grey = (from[i] + from[i + 1] + from[i + 2]) / 3;
    to[i] = from[i] - grey;
    to[i + 1] = from[i + 1] - grey;
    to[i + 2] = from[i + 2] - grey;
  }
}

}  // namespace

double squared_variation(const RowTriple<float>& r, double along_x, double along_y, double weight,
                         float* gradient) {
  return vectorised([=] { return variation(r, along_x, along_y, weight, gradient); });
}
double squared_variation(const RowTriple<double>& r, double along_x, double along_y, double weight,
                         double* gradient) {
  return variation(r, along_x, along_y, weight, gradient);
}

double squared_seam(const RowTriple<float>& r, double along_x, double weight, float* gradient) {
  return seam(r, along_x, weight, gradient);
}
double squared_seam(const RowTriple<double>& r, double along_x, double weight, double* gradient) {
  return seam(r, along_x, weight, gradient);
}

void remove_grey(const float* from, int64_t pixels, float* to) {
  vectorised([=] { without_grey(from, pixels, to); });
}
void remove_grey(const double* from, int64_t pixels, double* to) {
  without_grey(from, pixels, to);
}

}  // namespace impasto
