#pragma once

#include <string>
#include <vector>

#include "backend/backend.h"
#include "impasto/inspect.h"

namespace impasto {

/// One tap of a picture as inspect shows it.
struct TapView {
  TapStatistics statistics;
  std::vector<std::vector<float>> maps;  ///< of the strongest channels, row by row
  std::vector<double> deviations;        ///< of the same channels
  std::vector<float> matrix;             ///< [c, c]; NaN where it is not defined
};

/// Measures NHWC features (one picture, f32). `statistic` is the matrix to fill: "gram", the mean
/// of f f^T over the positions; "covariance", the same of f minus its mean; "correlation", the
/// covariance over the deviations, not defined for channels that do not vary.
TapView view_tap(Backend&, const std::string& tap, const Tensor& features,
                 const std::string& statistic, int strongest);

}  // namespace impasto
