#pragma once

#include <vector>

#include "impasto/image.h"

namespace impasto {

/// One number a pixel.
struct Plane {
  int width = 0, height = 0;
  std::vector<float> values;  ///< rows, top to bottom

  float at(int x, int y) const {
    return values[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
  }
};

/// luma() of every pixel.
Plane lightness_of(const Image&);
/// The length of the gradient (Sobel's) at every pixel.
Plane edges_of(const Plane&);

/// Mean structural similarity of two planes of the same size, values 0..1: Wang, Bovik, Sheikh and
/// Simoncelli 2004, with their Gaussian of deviation 1.5. 1: the same.
double similarity(const Plane&, const Plane&);

/// Mean distance of the colours of large shapes (32 to a side) of two pictures, in CIELAB
/// (CIE 1976).
double colour_distance(const Image&, const Image&);

}  // namespace impasto
