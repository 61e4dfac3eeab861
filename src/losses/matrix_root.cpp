#include "losses/matrix_root.h"

#if defined(__GNUC__) && !defined(__clang__)  // takes Eigen's stack buffers for uninitialised
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <Eigen/Dense>
#include <limits>

#include "impasto/error.h"

namespace impasto {

namespace {

using Solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;

// v diag(d) v^T
std::vector<double> compose(const Eigen::MatrixXd& v, const Eigen::VectorXd& d) {
  std::vector<double> result(static_cast<size_t>(v.size()));
  Eigen::Map<Eigen::MatrixXd>(result.data(), v.rows(), v.cols()).noalias() =
      v * d.asDiagonal() * v.transpose();
  return result;
}

}  // namespace

std::vector<double> symmetric_root(const std::vector<double>& matrix, int64_t c) {
  const Eigen::Map<const Eigen::MatrixXd> m(matrix.data(), c, c);
  if (!m.allFinite()) throw Error(ErrorCode::internal, "the root of a matrix that is not finite");
  const Solver s(m);
  return compose(s.eigenvectors(), s.eigenvalues().cwiseMax(0).cwiseSqrt());
}

double root_trace(const std::vector<double>& matrix, int64_t c, double floor,
                  std::vector<double>* inverse) {
  const Eigen::Map<const Eigen::MatrixXd> m(matrix.data(), c, c);
  if (!m.allFinite()) {  // Eigen would iterate in vain
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    if (inverse) inverse->assign(matrix.size(), nan);
    return nan;
  }
  const Solver s(m, inverse ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
  const Eigen::VectorXd root = s.eigenvalues().cwiseMax(floor).cwiseMax(0).cwiseSqrt();
  if (inverse) {
    *inverse =
        compose(s.eigenvectors(), root.unaryExpr([](double r) { return r > 0 ? 1 / r : 0.0; }));
  }
  return root.sum();
}

}  // namespace impasto
