#pragma once

#include <string>
#include <vector>

#include "impasto/assess.h"

namespace impasto {

/// How light a picture is, and how much that varies: mean and deviation, 0..1.
struct Tones {
  double lightness, contrast;
};

/// What somebody who cannot see the result should be told of it, a line each; the thresholds and
/// how they were chosen are in docs/scores.md. Of a run that was stopped before its end it is not
/// said that it is too faint.
std::vector<std::string> warnings_for(const Assessment&, const Tones& photo, const StylizeOptions&,
                                      const StylizeResult&);

/// Where the photograph, or without one a grey picture, has no way to go.
std::string nothing_to_paint(bool with_photo);

}  // namespace impasto
