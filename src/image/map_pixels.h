#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "impasto/image.h"

namespace impasto {

/// A colour, 0..255.
using MapColour = std::array<double, 3>;

/// Euclidean, of red, green and blue.
double distance(const MapColour&, const MapColour&);
size_t nearest(const std::vector<MapColour>&, const MapColour&);

/// The pixels of a map, which is drawn in few flat colours.
struct MapPixels {
  explicit MapPixels(const Image&);

  size_t index(int x, int y) const { return static_cast<size_t>(y) * width + x; }
  MapColour at(size_t i) const { return {values[3 * i], values[3 * i + 1], values[3 * i + 2]}; }
  MapColour at(int x, int y) const { return at(index(x, y)); }
  size_t size() const { return flat.size(); }
  /// f(x, y) of the neighbours inside, of which there are up to eight; four of them alone when
  /// asked.
  template <class F>
  void around(int x, int y, bool four, const F& f) const {
    for (int j = std::max(0, y - 1); j <= std::min(height - 1, y + 1); ++j) {
      for (int i = std::max(0, x - 1); i <= std::min(width - 1, x + 1); ++i) {
        if ((i == x && j == y) || (four && i != x && j != y)) continue;
        f(i, j);
      }
    }
  }

  int width, height;
  std::vector<float> values;  ///< red, green, blue, 0..255
  std::vector<bool> flat;     ///< all of its four neighbours have nearly its colour
  bool lossy = false;         ///< around its edges lies the noise of a lossy file
};

}  // namespace impasto
