#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace impasto {

/// A covariance [c, c] as deviations and the Cholesky factor L of the correlation, L L^T: the lower
/// triangle, row by row. Whatever numbers stand in it, what comes out is a covariance: symmetric
/// and with no negative eigenvalue. Rows of L have length 1, or 0 where the deviation is 0.
struct PackedCovariance {
  std::vector<double> deviation;  ///< [c]
  std::vector<double> factor;     ///< [c (c + 1) / 2]
};

/// Of a matrix that is positive semidefinite up to rounding.
PackedCovariance pack_covariance(const std::vector<double>& covariance, int64_t channels);

/// What is wrong with it, or nothing: negative deviations, rows of another length (to 2 %).
std::string check_packed(const PackedCovariance&);

/// Back; rows are brought to length 1, so that the variances are those packed.
std::vector<double> unpack_covariance(const PackedCovariance&);

}  // namespace impasto
