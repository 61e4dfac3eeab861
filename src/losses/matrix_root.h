#pragma once

#include <cstdint>
#include <vector>

namespace impasto {

/// The symmetric square root of a symmetric positive semidefinite matrix [c, c]. Eigenvalues below
/// 0, which only rounding makes, count as 0. Throws Error{internal} when the matrix is not finite.
std::vector<double> symmetric_root(const std::vector<double>& matrix, int64_t c);

/// tr (R S R)^1/2 of a root R and a covariance S. A ridge, `ridge` times the mean of R S R's
/// eigenvalues, is added to them; those that are lower still count as that. With `slope`, that
/// becomes R (R S R)^-1/2 R, twice the derivative by S with the ridge held constant (the
/// pseudo-inverse when there are eigenvalues of 0). All NaN when S is not finite.
double cross_trace(const std::vector<double>& root, const std::vector<double>& covariance,
                   int64_t c, double ridge, std::vector<double>* slope);

}  // namespace impasto
