#pragma once

#include <map>
#include <string>
#include <vector>

#include "losses/objective.h"
#include "transfer/transfer.h"

namespace impasto {

struct PaintLossWeights {
  double style = 25, tv = 8, chroma = 50;  ///< against content = 1
};

/// What one picture of a batch is measured against.
struct PaintTarget {
  PictureStatistics style;
  double rest_weight = 1;  ///< factor of all terms but style: below 1 for bold pictures
};

/// The objective of stylize() for each picture of a batch, its gradient for the network that
/// painted them.
class PaintLoss {
 public:
  PaintLoss(std::shared_ptr<const Graph> encoder, Backend&, const Shape& pictures, DType,
            const PaintLossWeights&);

  /// Taps that the content's plan must have, beside style_taps().
  static const std::vector<std::string>& content_taps();
  /// Those of style_taps() at which style is measured, as stylize() does by default.
  static const std::vector<std::string>& style_layers();

  /// Mean over the batch: "total", then its weighted terms. `content`: the encoder's plan that has
  /// seen the photographs; `dpictures` is overwritten.
  std::vector<std::pair<std::string, double>> evaluate(const Tensor& pictures, const Plan& content,
                                                       const std::vector<PaintTarget>&,
                                                       const Tensor& dpictures);

 private:
  Backend& backend_;
  PaintLossWeights weights_;
  Objective objective_;
};

}  // namespace impasto
