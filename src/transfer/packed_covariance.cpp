#include "transfer/packed_covariance.h"

#include <algorithm>
#include <cmath>

namespace impasto {

namespace {

// Of 1: below, what is left of a channel is rounding, and its column is 0.
constexpr double smallest_pivot = 1e-7;
constexpr double tolerance = 0.02;

size_t row_begin(size_t i) {
  return i * (i + 1) / 2;
}

double product(const double* a, const double* b, size_t n) {
  double sum = 0;
  for (size_t k = 0; k < n; ++k) sum += a[k] * b[k];
  return sum;
}

double length(const PackedCovariance& p, size_t i) {
  const double* row = p.factor.data() + row_begin(i);
  return std::sqrt(product(row, row, i + 1));
}

}  // namespace

PackedCovariance pack_covariance(const std::vector<double>& covariance, int64_t channels) {
  const auto c = static_cast<size_t>(channels);
  PackedCovariance p{std::vector<double>(c), std::vector<double>(c * (c + 1) / 2)};
  for (size_t i = 0; i < c; ++i) {
    const double variance = covariance[i * c + i];
    p.deviation[i] = variance > 0 ? static_cast<float>(std::sqrt(variance)) : 0;
    double* row = p.factor.data() + row_begin(i);
    if (p.deviation[i] == 0) continue;
    double square = 0;
    for (size_t j = 0; j < i; ++j) {
      const double* other = p.factor.data() + row_begin(j);
      if (other[j] == 0) continue;
      const double correlation = covariance[i * c + j] / (p.deviation[i] * p.deviation[j]);
      row[j] = (correlation - product(row, other, j)) / other[j];
      square += row[j] * row[j];
    }
    const double left = 1 - square;
    if (left > smallest_pivot) {
      row[i] = std::sqrt(left);
    } else {  // a mixture of the channels before, or more than that by rounding
      for (size_t j = 0; j < i; ++j) row[j] /= std::sqrt(square);
    }
  }
  return p;
}

std::string check_packed(const PackedCovariance& p) {
  for (size_t i = 0; i < p.deviation.size(); ++i) {
    if (p.deviation[i] < 0) return "a negative deviation";
    const double expected = p.deviation[i] > 0 ? 1 : 0, found = length(p, i);
    if (std::abs(found - expected) > tolerance) {
      return "row " + std::to_string(i) + " of the factor: expected the length " +
             std::to_string(static_cast<int>(expected)) + ", found " + std::to_string(found);
    }
  }
  return "";
}

std::vector<double> unpack_covariance(const PackedCovariance& p) {
  const size_t c = p.deviation.size();
  std::vector<double> covariance(c * c), scale(c);
  for (size_t i = 0; i < c; ++i) {
    scale[i] = p.deviation[i] > 0 ? p.deviation[i] / length(p, i) : 0;
    const double* row = p.factor.data() + row_begin(i);
    for (size_t j = 0; j <= i; ++j) {
      const double value =
          scale[i] * scale[j] * product(row, p.factor.data() + row_begin(j), j + 1);
      covariance[i * c + j] = covariance[j * c + i] = value;
    }
  }
  return covariance;
}

}  // namespace impasto
