#pragma once

#include <cstdint>

namespace impasto {

/// Three neighbouring rows of `size` numbers each, `channels` of them a pixel; at the frame `above`
/// or `below` is `row` itself, a difference of 0.
template <class T>
struct RowTriple {
  const T *above, *row, *below;
  int64_t size, channels;
};

/// along_x * sum (row - its left neighbour)^2 + along_y * sum (below - row)^2; with a gradient (of
/// the whole sum with respect to this row), that grows by weight times it.
double squared_variation(const RowTriple<float>&, double along_x, double along_y, double weight,
                         float* gradient);
double squared_variation(const RowTriple<double>&, double along_x, double along_y, double weight,
                         double* gradient);

/// The same for one difference more in each row: its first pixel less its last.
double squared_seam(const RowTriple<float>&, double along_x, double weight, float* gradient);
double squared_seam(const RowTriple<double>&, double along_x, double weight, double* gradient);

/// to = from without the grey part of every RGB pixel: (I - 1 1^T / 3) rgb, symmetric, idempotent.
void remove_grey(const float* from, int64_t pixels, float* to);
void remove_grey(const double* from, int64_t pixels, double* to);

}  // namespace impasto
