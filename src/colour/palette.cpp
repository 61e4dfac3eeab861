#include "colour/palette.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/isa.h"
#include "image/oklab.h"

namespace impasto {

namespace {

using Matrix3 = Eigen::Matrix<double, 3, 3, Eigen::RowMajor>;

constexpr int most_samples = 384;  // along each side
// Variance of colours that may be noise: of a deviation that nobody sees.
constexpr double noise_variance = 0.008 * 0.008;
// How much a transparent pixel counts: where nothing is seen, all count alike.
constexpr double hidden = 1e-6;

Matrix3 matrix_of(const Palette& p) {
  return Eigen::Map<const Matrix3>(p.covariance.data());
}

// f of the eigenvalues of a symmetric matrix, of which none is negative but by rounding.
template <class F>
Matrix3 function_of(const Matrix3& m, const F& f) {
  const Eigen::SelfAdjointEigenSolver<Matrix3> eigen(m);
  const Eigen::Vector3d values = eigen.eigenvalues().cwiseMax(0).unaryExpr(f);
  return eigen.eigenvectors() * values.asDiagonal() * eigen.eigenvectors().transpose();
}
Matrix3 root(const Matrix3& m) {
  return function_of(m, [](double v) { return std::sqrt(v); });
}

ColourMap map_of(const Matrix3& matrix, const Palette& from, const Eigen::Vector3d& mean) {
  ColourMap map;
  const Eigen::Vector3d offset = mean - matrix * Eigen::Vector3d(from.mean.data());
  Eigen::Map<Eigen::Matrix<float, 3, 3, Eigen::RowMajor>>(map.matrix.data()) = matrix.cast<float>();
  Eigen::Map<Eigen::Vector3f>(map.offset.data()) = offset.cast<float>();
  return map;
}

}  // namespace

Palette palette_of(const Image& image) {
  const int down = std::min(image.height(), most_samples);
  const int across = std::min(image.width(), most_samples);
  const auto at = [](int i, int count, int side) {
    return static_cast<int>((2 * int64_t{i} + 1) * side / (2 * int64_t{count}));
  };
  std::vector<float> row(static_cast<size_t>(image.width()) * 3), lab(size_t{3} * across);
  double n = 0;
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  Matrix3 products = Matrix3::Zero();
  for (int j = 0; j < down; ++j) {
    const int y = at(j, down, image.height());
    image.read(0, y, image.width(), row.data());
    for (int i = 0; i < across; ++i) {
      std::copy_n(&row[size_t{3} * at(i, across, image.width())], 3, &lab[size_t{3} * i]);
    }
    to_oklab(lab.data(), across, lab.data());
    for (int i = 0; i < across; ++i) {
      const int x = at(i, across, image.width());
      const size_t place = static_cast<size_t>(y) * image.width() + x;
      const double opacity = image.alpha.empty() ? 1 : hidden + image.alpha[place];
      const Eigen::Vector3d v =
          Eigen::Map<const Eigen::Vector3f>(&lab[size_t{3} * i]).cast<double>();
      n += opacity;
      sum += opacity * v;
      products += opacity * v * v.transpose();
    }
  }
  Palette palette;
  Eigen::Map<Eigen::Vector3d>(palette.mean.data()) = sum / n;
  Eigen::Map<Matrix3>(palette.covariance.data()) = products / n - sum * sum.transpose() / (n * n);
  return palette;
}

void ColourMap::apply(float* lab, int64_t pixels) const {
  vectorised([=, this] {
    const auto m = matrix;
    const auto o = offset;
    for (int64_t i = 0; i < 3 * pixels; i += 3) {
      const float l = lab[i], a = lab[i + 1], b = lab[i + 2];
      lab[i] = m[0] * l + m[1] * a + m[2] * b + o[0];
      lab[i + 1] = m[3] * l + m[4] * a + m[5] * b + o[1];
      lab[i + 2] = m[6] * l + m[7] * a + m[8] * b + o[2];
    }
  });
}

ColourMap from_standard(const Palette& p) {
  return map_of(root(matrix_of(p)), {}, Eigen::Vector3d(p.mean.data()));
}

double colourfulness(const Palette& p, const ColourMap& map) {
  const Matrix3 m = Eigen::Map<const Eigen::Matrix<float, 3, 3, Eigen::RowMajor>>(map.matrix.data())
                        .cast<double>();
  const Matrix3 covariance = m * matrix_of(p) * m.transpose();
  return std::sqrt(std::max(0.0, covariance(1, 1) + covariance(2, 2)));
}

// T = A^-1/2 (A^1/2 B A^1/2)^1/2 A^-1/2 takes covariance A to B. What noise adds to A it adds to B
// as well, so that equal palettes are left as they are; but grey is grey.
ColourMap colour_map(const Palette& from, const Palette& to, double share) {
  const Matrix3 a = matrix_of(from) + noise_variance * Matrix3::Identity();
  const Matrix3 b = function_of(
      matrix_of(to), [](double v) { return v + noise_variance * v / (v + noise_variance / 32); });
  const Matrix3 half = root(a);
  const Matrix3 inverse = half.inverse();
  const Matrix3 moved = inverse * root(half * b * half) * inverse;
  const Eigen::Vector3d before(from.mean.data()), after(to.mean.data());
  return map_of((1 - share) * Matrix3::Identity() + share * moved, from,
                before + share * (after - before));
}

ColourMap tone_map(const Palette& from, const Palette& to, double share) {
  const double contrast =
      std::sqrt(std::max(0.0, to.covariance[0]) / std::max(noise_variance, from.covariance[0]));
  Matrix3 matrix = Matrix3::Zero();
  matrix(0, 0) = 1 + share * (contrast - 1);
  return map_of(matrix, from, {from.mean[0] + share * (to.mean[0] - from.mean[0]), 0, 0});
}

}  // namespace impasto
