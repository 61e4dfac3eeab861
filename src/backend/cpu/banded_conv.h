#pragma once

#include "backend/cpu/conv_primitives.h"

namespace impasto {

// oneDNN knows only zeros beyond the frame. Where the border is another, pictures are worked on in
// bands of rows: each thread copies a band with its border (or clamps a band of the gradient) into
// memory that stays in its cache, and runs a primitive of its own on it. No padded picture ever
// exists.

bool forward_in_bands(const Conv2dDesc&);
bool backward_in_bands(const Conv2dDesc&);

/// How the rows of n pictures are shared out: evenly, in a whole number of bands for each thread.
class Bands {
 public:
  Bands(int64_t pictures, int64_t rows, int64_t row_bytes, int64_t weight_bytes,
        int64_t fewest_rows = 1);
  int64_t begin(int64_t band) const { return rows_ * band / count_; }
  int64_t longest() const { return (rows_ + count_ - 1) / count_; }
  int64_t shortest() const { return rows_ / count_; }
  int64_t count() const { return count_; }  ///< in one picture

 private:
  int64_t rows_, count_ = 1;
};

/// One band of `rows` rows: of the result, or of the padded input's gradient.
PlainConv2d forward_band(const Conv2dDesc&, int64_t rows);
PlainConv2d backward_band(const Conv2dDesc&, int64_t rows);

Bands forward_bands(const Conv2dDesc&);
/// Bands of the gradient's rows. With mirrored borders they share out the rows of the padded
/// picture, and hold what belongs beyond the frame together with where it is mirrored to;
/// otherwise they share out the picture's own rows.
Bands backward_bands(const Conv2dDesc&);
/// What working in bands takes: weights, and for each thread a scratchpad, a band and its gradient.
Footprint forward_band_footprint(DnnlContext&, const Conv2dDesc&);
Footprint backward_band_footprint(DnnlContext&, const Conv2dDesc&);
int64_t shared_frame(const Conv2dDesc&);  ///< rows beyond the frame that bands share out, too

}  // namespace impasto
