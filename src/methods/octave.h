#pragma once

#include <cstdint>
#include <vector>

#include "tensor/tensor.h"

namespace impasto {

/// A coarse RGB picture seen at a larger size: bilinear enlargement, pixel centres aligned, and its
/// transpose, in the parts from which a sum of octaves is made row by row. f32 throughout.
class Octave {
 public:
  /// `joined`: beyond a border lies what is behind the opposite one.
  Octave(int64_t coarse_h, int64_t coarse_w, int64_t h, int64_t w, bool joined = false);

  Shape coarse() const { return {1, coarse_h_, coarse_w_, 3}; }

  /// Enlarges the rows [begin, end) of `coarse` along x, for add_row.
  void widen(const float* coarse, int64_t begin, int64_t end);
  /// row [3 w] += row y of the enlarged picture, once all rows are widened.
  void add_row(int64_t y, float* row) const;
  /// Row `coarse_y` of the transpose applied to a fine picture; `room` holds 3 w numbers.
  void gather_row(const float* fine, int64_t coarse_y, float* room, float* coarse_row) const;

 private:
  struct Tap {
    int64_t low, high;
    float weight;  ///< of high
  };
  static std::vector<Tap> taps(int64_t coarse, int64_t fine, bool joined);

  int64_t coarse_h_, coarse_w_, w_;
  std::vector<Tap> rows_, columns_;
  std::vector<int64_t> first_, last_;  // fine rows that read a coarse one
  Tensor wide_;                        // [coarse_h, 3 w]
};

}  // namespace impasto
