#pragma once

#include "impasto/choices.h"

namespace impasto {

// What --strength stands for, 0 .. 100, in each method. Up to 50 the aim moves from the
// photograph's statistics to the paintings', evenly; from there on the brush gets bolder.
// docs/strength.md shows what comes of it; bench/strength measures that.

/// Of the way from the photograph's statistics to the paintings': how far it goes.
double style_share(double strength);

/// Weight of style against content = 1.
double style_weight_for(double strength, StyleKind style_loss);

/// Pixel losses count by this share: a gentle style needs gentle smoothing, and none at all leaves
/// the photograph as it is.
double smoothing_share(double strength);

/// How a network paints at once.
struct Brush {
  double share;     ///< of the way to the paintings' statistics
  double boldness;  ///< 0 .. 1, as in training
  double opacity;   ///< of the result over the picture that was painted: a network does not return
                    ///< that as it was, however little it is to paint; 0: nothing to do
};
/// Of the first pass, and of the second, which from strength 50 on paints once more what was
/// painted.
Brush first_brush(double strength);
Brush second_brush(double strength);

}  // namespace impasto
