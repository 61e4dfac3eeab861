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

  /// Rows of the enlarged picture, from the top to the bottom: for one thread.
  class Rows {
   public:
    /// Both have to outlive it.
    Rows(const Octave& octave, const float* coarse);
    /// row [3 w] += row y.
    void add(int64_t y, float* row);

   private:
    const float* wide(int64_t coarse_y);

    const Octave* octave_;
    const float* coarse_;
    std::vector<float> wide_[3];    // the last of the coarse rows, enlarged along x
    int64_t at_[3] = {-1, -1, -1};  // which they are: even, odd, and the last of all, behind
                                    // which the first may follow
  };

  /// Row `coarse_y` of the transpose applied to a fine picture; `room` holds 3 w numbers.
  void gather_row(const float* fine, int64_t coarse_y, float* room, float* coarse_row) const;

 private:
  struct Tap {
    int64_t low, high;
    float weight;  ///< of high
  };
  static std::vector<Tap> taps(int64_t coarse, int64_t fine, bool joined);
  void widen(const float* coarse_row, float* wide) const;

  int64_t coarse_h_, coarse_w_, w_;
  std::vector<Tap> rows_, columns_;
  std::vector<int64_t> first_, last_;  // fine rows that read a coarse one
};

}  // namespace impasto
