#pragma once

#include <string>
#include <vector>

#include "losses/loss.h"
#include "nn/plan.h"

namespace impasto {

/// Taps whose statistics are a style, shallow first: relu1_1 ... relu5_1.
const std::vector<std::string>& style_taps();

/// A picture's statistics: of its colours (RGB 0..1), then at each of style_taps().
using PictureStatistics = std::vector<FeatureStatistics>;

/// Of picture `index` of the batch [n, h, w, 3] that the encoder's plan has just seen.
PictureStatistics picture_statistics(Backend&, const Tensor& pictures, const Plan& encoder,
                                     int64_t index = 0);
/// Pixels of a side that a position of style_taps()[k] stands for.
constexpr int64_t pixels_of_tap(size_t k) {
  return int64_t{1} << k;
}

/// What a transfer knows of a style beforehand: its statistics, and the root of each covariance.
struct StyleStatistics {
  PictureStatistics statistics;
  std::vector<Tensor> roots;  ///< [c, c] f32
};
StyleStatistics prepare_style(Backend&, PictureStatistics);

/// Features -> features: dst = src * matrix + bias, as Backend::channel_mix reads it.
struct ChannelMap {
  Tensor matrix, bias;  ///< [c, c], [c]; f32
};
/// With the bias that brings these features' mean to `mean`.
ChannelMap map_to_mean(const Tensor& matrix, const FeatureStatistics& features,
                       const std::vector<double>& mean);

/// The linear map, of the colours and at each tap, that moves a content's statistics towards a
/// style's and features as little as possible: optimal transport between Gaussians (Dowson and
/// Landau 1982; for pictures Lu et al. 2019, "A closed-form solution to universal style transfer").
/// A hundredth of the mean variance is added to every direction, and a little of the style's, so
/// that noise is not mistaken for structure.
struct Transfer {
  std::vector<ChannelMap> maps;  ///< of the colours, then of each tap
  PictureStatistics reached;     ///< the statistics of what the maps yield
};
/// `share` of the way, 0 (features stay) to 1 (the style's statistics): along the geodesic.
Transfer make_transfer(Backend&, const PictureStatistics& content, const StyleStatistics&,
                       double share);

struct WeightedStatistics {
  StyleStatistics style;
  double weight = 1;
};
/// The same towards several styles, at least one, weights normalised: the mean of their maps, a
/// point on the way between them in the geometry that the maps span at the content.
Transfer make_transfer(Backend&, const PictureStatistics& content,
                       const std::vector<WeightedStatistics>&, double share);

}  // namespace impasto
