// Compiled once per instruction set (IMPASTO_ISA names the namespace). Eigen gets a namespace of
// its own for each, and nothing else from outside is instantiated here, so that no wide instruction
// can leak into code that runs on smaller processors.

#include "losses/matrix_root_kernel.h"

#define IMPASTO_CONCAT_(a, b) a##b
#define IMPASTO_CONCAT(a, b) IMPASTO_CONCAT_(a, b)
#define Eigen IMPASTO_CONCAT(Eigen_, IMPASTO_ISA)
#if defined(__GNUC__) && !defined(__clang__)  // takes Eigen's stack buffers for uninitialised
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <Eigen/Eigenvalues>

namespace impasto::IMPASTO_ISA {

namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Solver = Eigen::SelfAdjointEigenSolver<Matrix>;
using Input = Eigen::Map<const Matrix>;
using Output = Eigen::Map<Matrix>;

bool root(const double* m, int64_t c, double* result) {
  const Input matrix(m, c, c);
  if (!matrix.allFinite()) return false;
  const Solver s(matrix);
  const Vector d = s.eigenvalues().cwiseMax(0).cwiseSqrt();
  Output(result, c, c).noalias() = s.eigenvectors() * d.asDiagonal() * s.eigenvectors().transpose();
  return true;
}

double cross(const double* r, const double* covariance, int64_t c, double ridge, double* slope) {
  const Input root(r, c, c), s(covariance, c, c);
  Matrix rs(c, c), rsr(c, c);
  rs.noalias() = root * s;
  rsr.noalias() = rs * root;
  rs = 0.5 * (rsr + rsr.transpose());
  if (!rs.allFinite()) {  // Eigen would iterate in vain
    constexpr double nan = __builtin_nan("");
    if (slope) Output(slope, c, c).setConstant(nan);
    return nan;
  }
  // The derivative of the root needs the matrix to be invertible: a small ridge, held constant.
  const double trace = rs.trace();
  const double floor = ridge * (trace > 0 ? trace : 0) / static_cast<double>(c);
  rs.diagonal().array() += floor;
  const Solver solver(rs, slope ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
  const Vector d = solver.eigenvalues().cwiseMax(floor).cwiseSqrt();
  if (slope) {
    // R V D^-1/2 (R V)^T; the pseudo-inverse where there are eigenvalues of 0.
    Vector quarter(c);
    for (int64_t i = 0; i < c; ++i) quarter[i] = d[i] > 0 ? 1 / __builtin_sqrt(d[i]) : 0;
    rsr.noalias() = root * solver.eigenvectors();
    rs.noalias() = rsr * quarter.asDiagonal();
    Output(slope, c, c).noalias() = rs * rs.transpose();
  }
  return d.sum();
}

}  // namespace

extern const MatrixRootKernel kernel;
const MatrixRootKernel kernel = {root, cross};

}  // namespace impasto::IMPASTO_ISA
