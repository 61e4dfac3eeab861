#pragma once

#include <string>
#include <vector>

#include "impasto/stylize.h"

namespace impasto {

/// The names of all terms, in the order in which they first appear.
std::vector<std::string> term_names(const std::vector<LossPoint>&);
/// A point's term; NaN when it has none of that name.
double term_of(const LossPoint&, const std::string& name);
/// What is minimised: the sum of a point's terms.
double total_of(const LossPoint&);

/// A scale of a run: losses[begin .. end).
struct ScaleSpan {
  size_t begin, end;
  int longer_side;
};
std::vector<ScaleSpan> scale_spans(const std::vector<LossPoint>&);

/// One curve over the steps of a run as an inline SVG element, logarithmic upwards, with a line
/// between scales. What has no logarithm is left out; `values` has one number for each point.
std::string loss_plot(const std::string& name, const std::vector<double>& values,
                      const std::vector<ScaleSpan>& runs, const std::string& colour);

}  // namespace impasto
