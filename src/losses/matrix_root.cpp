#include "losses/matrix_root.h"

#include "base/isa.h"
#include "impasto/error.h"
#include "losses/matrix_root_kernel.h"

namespace impasto {

namespace {

const MatrixRootKernel& best_kernel() {
  return of_best_isa(matrix_root_base::kernel, matrix_root_avx2::kernel,
                     matrix_root_avx512::kernel);
}

}  // namespace

std::vector<double> symmetric_root(const std::vector<double>& matrix, int64_t c) {
  std::vector<double> root(matrix.size());
  if (!best_kernel().root(matrix.data(), c, root.data())) {
    throw Error(ErrorCode::internal, "the root of a matrix that is not finite");
  }
  return root;
}

double cross_trace(const std::vector<double>& root, const std::vector<double>& covariance,
                   int64_t c, double ridge, std::vector<double>* slope) {
  if (slope) slope->resize(covariance.size());
  return best_kernel().cross(root.data(), covariance.data(), c, ridge,
                             slope ? slope->data() : nullptr);
}

}  // namespace impasto
