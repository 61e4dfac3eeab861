#pragma once

#include <vector>

#include "impasto/image.h"

namespace impasto {

/// What one pass over all pixels of a picture tells.
struct PixelSurvey {
  /// Mean absolute differences of lightness between a column (a row) and the next.
  std::vector<double> across, down;
  double lightness = 0, contrast = 0;  ///< mean and deviation of lightness, finite values alone
  double clipped = 0, not_finite = 0;  ///< shares of the pixels' numbers: 0 or 1; NaN or infinite
};
PixelSurvey survey(const Image&);

/// The strongest step between neighbouring columns or rows against the median of the sixteen
/// around it, minus 1, and minus the same of the photograph there (sizes may differ).
double seam_score(const PixelSurvey&, const PixelSurvey& photo);
/// The same of the border of a tile: the step from the last column (row) to the first against the
/// median of the sixteen around it, behind it and before, minus 1; 0 for less.
double wrapped_seam(const Image&);
/// Variation in the outermost three pixels against the twenty within them, over the photograph's,
/// minus 1. 0 for pictures of less than 64 pixels a side.
double frame_score(const PixelSurvey&, const PixelSurvey& photo);

/// How much energy of lightness there is at periods of exactly 2 and 4 pixels, along and across,
/// more than at the frequencies beside them (a share of that; the largest of the nine places where
/// networks that enlarge leave their grid: Odena, Dumoulin and Olah 2016). Measured in up to 144
/// blocks of 32 x 32 pixels that count alike, busy or flat; patterns below half a level of 8 bits
/// do not count. 0 for pictures of less than 32 pixels a side.
double checkerboard_score(const Image&);

}  // namespace impasto
