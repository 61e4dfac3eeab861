#include "losses/matrix_root.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <chrono>
#include <cmath>
#include <iostream>

#include "base/random.h"
#include "impasto/error.h"

namespace impasto {
namespace {

using Map = Eigen::Map<const Eigen::MatrixXd>;

// a^T a / rows: of rank min(rows, c).
std::vector<double> covariance(int64_t c, int64_t rows) {
  Random random(static_cast<uint64_t>(c + rows));
  Eigen::MatrixXd a(rows, c);
  for (Eigen::Index i = 0; i < a.size(); ++i) a.data()[i] = random.normal();
  const Eigen::MatrixXd m = a.transpose() * a / static_cast<double>(rows);
  return {m.data(), m.data() + m.size()};
}

TEST(MatrixRoot, SquaresToTheMatrix) {
  for (const int64_t rows : {3, 40}) {  // singular and regular
    const auto m = covariance(12, rows), r = symmetric_root(m, 12);
    const Map root(r.data(), 12, 12);
    EXPECT_LT((root * root - Map(m.data(), 12, 12)).norm(), 1e-12);
    EXPECT_LT((root - root.transpose()).norm(), 1e-13);
    EXPECT_NEAR(root_trace(m, 12, 0, nullptr), root.trace(), 1e-6);  // root of rounding: 1e-8
  }
}

TEST(MatrixRoot, InverseIsTheInverse) {
  const auto m = covariance(12, 40), r = symmetric_root(m, 12);
  std::vector<double> inverse;
  root_trace(m, 12, 0, &inverse);
  const Eigen::MatrixXd product = Map(r.data(), 12, 12) * Map(inverse.data(), 12, 12);
  EXPECT_LT((product - Eigen::MatrixXd::Identity(12, 12)).norm(), 1e-11);
}

TEST(MatrixRoot, FloorsEigenvalues) {
  const std::vector<double> m{4, 0, 0, -1e-9};
  std::vector<double> inverse;
  EXPECT_DOUBLE_EQ(root_trace(m, 2, 0.01, &inverse), 2.1);
  EXPECT_NEAR(inverse[0], 0.5, 1e-15);
  EXPECT_NEAR(inverse[3], 10, 1e-12);
  EXPECT_DOUBLE_EQ(root_trace(m, 2, 0, &inverse), 2);
  EXPECT_EQ(inverse[3], 0);
}

TEST(MatrixRoot, SurvivesNan) {
  const std::vector<double> m{NAN, 0, 0, 1};
  std::vector<double> inverse;
  EXPECT_TRUE(std::isnan(root_trace(m, 2, 0, &inverse)));
  EXPECT_TRUE(std::isnan(inverse[3]));
  EXPECT_THROW(symmetric_root(m, 2), Error);
}

TEST(SlowMatrixRoot, Timing) {
  for (const int64_t c : {128, 512}) {
    const auto m = covariance(c, 2 * c);
    std::vector<double> inverse;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 10; ++i) root_trace(m, c, 0, &inverse);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    std::cout << c << " channels: " << took.count() / 10 << " ms\n";
    EXPECT_EQ(inverse.size(), m.size());
  }
}

}  // namespace
}  // namespace impasto
