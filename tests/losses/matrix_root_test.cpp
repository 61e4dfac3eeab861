#include "losses/matrix_root.h"

#include <gtest/gtest.h>

#include <cmath>

#include "impasto/error.h"
#include "losses/dense.h"

namespace impasto {
namespace {

using test::Dense;

// a^T a / rows: of rank min(rows, c).
std::vector<double> covariance(int64_t c, int64_t rows) {
  const Dense a = test::random_matrix(rows, c, static_cast<uint64_t>(c + rows));
  return (1 / static_cast<double>(rows) * (transposed(a) * a)).values;
}

std::vector<double> identity(int64_t c) {
  return test::identity(c).values;
}

TEST(MatrixRoot, SquaresToTheMatrix) {
  for (const int64_t rows : {3, 40}) {  // singular and regular
    const auto m = covariance(12, rows), r = symmetric_root(m, 12);
    const Dense root(12, r);
    EXPECT_LT(norm(root * root - Dense(12, m)), 1e-12);
    EXPECT_LT(norm(root - transposed(root)), 1e-13);
    EXPECT_NEAR(cross_trace(identity(12), m, 12, 0, nullptr), trace(root),
                1e-6);  // root of rounding: 1e-8
  }
}

TEST(MatrixRoot, SlopeIsTheInverseOfTheRoot) {
  const auto m = covariance(12, 40), r = symmetric_root(m, 12);
  std::vector<double> inverse;
  cross_trace(identity(12), m, 12, 0, &inverse);
  EXPECT_LT(norm(Dense(12, r) * Dense(12, inverse) - test::identity(12)), 1e-11);
}

TEST(MatrixRoot, SlopeIsTwiceTheDerivative) {
  const auto painting = symmetric_root(covariance(6, 30), 6);
  const auto s = covariance(6, 40);
  std::vector<double> slope;
  cross_trace(painting, s, 6, 0, &slope);
  constexpr double step = 1e-6;
  for (size_t i = 0; i < 6; ++i) {
    for (size_t j = 0; j < 6; ++j) {  // a symmetric step
      auto above = s, below = s;
      above[6 * i + j] += step / 2, above[6 * j + i] += step / 2;
      below[6 * i + j] -= step / 2, below[6 * j + i] -= step / 2;
      const double numeric = (cross_trace(painting, above, 6, 0, nullptr) -
                              cross_trace(painting, below, 6, 0, nullptr)) /
                             (2 * step);
      EXPECT_NEAR(0.5 * slope[6 * i + j], numeric, 1e-7);
    }
  }
}

TEST(MatrixRoot, AddsARidge) {
  const std::vector<double> m{4, 0, 0, -1e-9};
  std::vector<double> inverse;
  EXPECT_NEAR(cross_trace(identity(2), m, 2, 0.02, &inverse), std::sqrt(4.04) + 0.2, 1e-6);
  EXPECT_NEAR(inverse[0], 1 / std::sqrt(4.04), 1e-6);
  EXPECT_NEAR(inverse[3], 5, 1e-6);
  EXPECT_DOUBLE_EQ(cross_trace(identity(2), m, 2, 0, &inverse), 2);
  EXPECT_EQ(inverse[3], 0);
}

TEST(MatrixRoot, SurvivesNan) {
  const std::vector<double> m{NAN, 0, 0, 1};
  std::vector<double> inverse;
  EXPECT_TRUE(std::isnan(cross_trace(identity(2), m, 2, 0, &inverse)));
  EXPECT_TRUE(std::isnan(inverse[3]));
  EXPECT_THROW(symmetric_root(m, 2), Error);
}

}  // namespace
}  // namespace impasto
