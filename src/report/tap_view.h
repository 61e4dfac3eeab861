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

/// Measures NHWC features (one picture, f32). `statistic` is the matrix to fill; a correlation is
/// not defined for channels that do not vary.
TapView view_tap(Backend&, const std::string& tap, const Tensor& features,
                 ChannelStatistic statistic, int strongest);

}  // namespace impasto
