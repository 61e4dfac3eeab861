#pragma once

#include <cstdint>
#include <vector>

namespace impasto {

/// The symmetric square root of a symmetric positive semidefinite matrix [c, c]. Eigenvalues below
/// 0, which only rounding makes, count as 0. Throws Error{internal} when the matrix is not finite.
std::vector<double> symmetric_root(const std::vector<double>& matrix, int64_t c);

/// The trace of that root; with `inverse`, that becomes the root's inverse [c, c] as well (the
/// pseudo-inverse when there are eigenvalues of 0). Eigenvalues below `floor` count as `floor`.
/// All NaN for a matrix that is not finite.
double root_trace(const std::vector<double>& matrix, int64_t c, double floor,
                  std::vector<double>* inverse);

}  // namespace impasto
