#pragma once

#include "backend/backend.h"

namespace impasto {

/// Square root and inverse square root of a symmetric positive definite matrix [c, c], f32, by the
/// coupled Newton-Schulz iteration (Higham 2008, eq. 6.35): a handful of matrix products where an
/// eigendecomposition takes tens of milliseconds. Directions of less than about a millionth of the
/// largest eigenvalue come out too weak, never too strong.
/// A matrix that has no root, or is not finite, gets 0 for it and the identity for its inverse.
struct Roots {
  Tensor root, inverse;
};
Roots symmetric_roots(Backend&, const Tensor& matrix);

}  // namespace impasto
