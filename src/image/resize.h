#pragma once

#include <functional>
#include <vector>

#include "impasto/image.h"

namespace impasto {

/// A picture at another size, row by row; by any number of threads. It has to outlive this.
class Resizer {
 public:
  Resizer(const Image&, int width, int height);
  /// The same for three channels of any origin: `read` as Image::read.
  using Read = std::function<void(int x, int y, int count, float* to)>;
  Resizer(const Size& from, Read read, const Size& to);

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

  Read read_;
  Taps across_, down_;
};

/// The plane of alpha; empty where there is none.
std::vector<float> resize_alpha(const Image&, int width, int height);

/// resize() to other samples than f32, and to a file; without alpha and metadata.
Image resize_colours(const Image&, int width, int height, Samples, Storage = Storage::memory);
/// With them.
Image resize(const Image&, int width, int height, Samples, Storage = Storage::memory);

}  // namespace impasto
