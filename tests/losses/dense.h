#pragma once

#include <cmath>
#include <vector>

#include "base/random.h"
#include "tensor/tensor.h"

namespace impasto::test {

/// A matrix as tests reckon with it, by plain loops: a library of templates would take the compiler
/// longer than all of the tests that use it.
struct Dense {
  Dense(int64_t r, int64_t c) : rows(r), columns(c), values(static_cast<size_t>(r * c)) {}
  Dense(int64_t size, std::vector<double> by_rows)
      : rows(size), columns(size), values(std::move(by_rows)) {}

  double& at(int64_t r, int64_t c) { return values[static_cast<size_t>(r * columns + c)]; }
  double at(int64_t r, int64_t c) const { return values[static_cast<size_t>(r * columns + c)]; }

  int64_t rows, columns;
  std::vector<double> values;
};

inline Dense dense(const Tensor& t) {
  Dense m(t.shape()[0], t.shape()[1]);
  for (int64_t i = 0; i < t.size(); ++i) m.values[static_cast<size_t>(i)] = t.at(i);
  return m;
}

inline Dense identity(int64_t size) {
  Dense m(size, size);
  for (int64_t i = 0; i < size; ++i) m.at(i, i) = 1;
  return m;
}

inline Dense random_matrix(int64_t rows, int64_t columns, uint64_t seed) {
  Random random(seed);
  Dense m(rows, columns);
  for (double& v : m.values) v = random.normal();
  return m;
}

inline Dense transposed(const Dense& m) {
  Dense t(m.columns, m.rows);
  for (int64_t r = 0; r < m.rows; ++r) {
    for (int64_t c = 0; c < m.columns; ++c) t.at(c, r) = m.at(r, c);
  }
  return t;
}

inline Dense operator*(const Dense& a, const Dense& b) {
  Dense m(a.rows, b.columns);
  for (int64_t r = 0; r < a.rows; ++r) {
    for (int64_t k = 0; k < a.columns; ++k) {
      for (int64_t c = 0; c < b.columns; ++c) m.at(r, c) += a.at(r, k) * b.at(k, c);
    }
  }
  return m;
}

inline Dense operator*(double factor, Dense m) {
  for (double& v : m.values) v *= factor;
  return m;
}

inline Dense operator+(Dense a, const Dense& b) {
  for (size_t i = 0; i < a.values.size(); ++i) a.values[i] += b.values[i];
  return a;
}

inline Dense operator-(const Dense& a, const Dense& b) {
  return a + -1.0 * b;
}

inline double norm(const Dense& m) {
  double square = 0;
  for (const double v : m.values) square += v * v;
  return std::sqrt(square);
}

inline double trace(const Dense& m) {
  double sum = 0;
  for (int64_t i = 0; i < m.rows; ++i) sum += m.at(i, i);
  return sum;
}

/// Whether a symmetric matrix is positive definite: whether it has a Cholesky factor.
inline bool is_positive(Dense m) {
  for (int64_t k = 0; k < m.rows; ++k) {
    if (!(m.at(k, k) > 0)) return false;
    for (int64_t r = k + 1; r < m.rows; ++r) {
      const double factor = m.at(r, k) / m.at(k, k);
      for (int64_t c = k; c < m.columns; ++c) m.at(r, c) -= factor * m.at(k, c);
    }
  }
  return true;
}

/// Rows of length 1 at right angles to each other (Gram and Schmidt).
inline Dense random_rotation(int64_t size, uint64_t seed) {
  Dense m = random_matrix(size, size, seed);
  const auto product = [&](int64_t a, int64_t b) {
    double sum = 0;
    for (int64_t c = 0; c < size; ++c) sum += m.at(a, c) * m.at(b, c);
    return sum;
  };
  for (int64_t r = 0; r < size; ++r) {
    for (int64_t before = 0; before < r; ++before) {
      const double along = product(r, before);
      for (int64_t c = 0; c < size; ++c) m.at(r, c) -= along * m.at(before, c);
    }
    const double length = std::sqrt(product(r, r));
    for (int64_t c = 0; c < size; ++c) m.at(r, c) /= length;
  }
  return m;
}

}  // namespace impasto::test
