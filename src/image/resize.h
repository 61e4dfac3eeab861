#pragma once

#include <vector>

#include "impasto/image.h"

namespace impasto {

/// A picture at another size, row by row; by any number of threads. It has to outlive this.
class Resizer {
 public:
  Resizer(const Image&, int width, int height);

  /// `count` pixels of row y of the result, from column x on. `room` is only for speed.
  void row(int x, int y, int count, std::vector<float>& room, float* to) const;

 private:
  /// For every output position along one axis: the first of the inputs that it reads, and their
  /// weights, which sum to 1. Positions beyond the border repeat the outermost pixel.
  struct Taps {
    Taps(int from, int to);

    int count = 0;  ///< of each position
    std::vector<int> first;
    std::vector<float> weights;  ///< [to, count]
  };

  const Image& image_;
  Taps across_, down_;
};

/// resize() to other samples than f32.
Image resize(const Image&, int width, int height, Samples);

}  // namespace impasto
