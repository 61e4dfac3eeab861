#pragma once

#include <cstdint>

namespace impasto {

/// What matrix_root.h promises, on plain memory; symmetric matrices [c, c].
struct MatrixRootKernel {
  /// root = m^1/2; eigenvalues below 0 count as 0. Not finite: false.
  bool (*root)(const double* m, int64_t c, double* root);
  /// tr (R S R)^1/2, eigenvalues below `ridge` times their mean counted as that, and, unless it is
  /// null, slope = R (R S R)^-1/2 R, twice its derivative by S. NaN when S is not finite.
  double (*cross)(const double* root, const double* s, int64_t c, double ridge, double* slope);
};

/// matrix_root_kernel.cpp compiled for three instruction sets.
namespace matrix_root_base {
extern const MatrixRootKernel kernel;
}
namespace matrix_root_avx2 {
extern const MatrixRootKernel kernel;
}
namespace matrix_root_avx512 {
extern const MatrixRootKernel kernel;
}

}  // namespace impasto
