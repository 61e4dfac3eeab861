#pragma once

#include "losses/loss.h"

namespace impasto {

/// The statistics `share` of the way, 0 .. 1, from one picture's to another's: of Gaussians, along
/// the geodesic of the 2-Wasserstein distance (McCann 1997). What has them is that share of the
/// distance away from the first, in every direction of colour and texture alike.
FeatureStatistics between(const FeatureStatistics& from, const FeatureStatistics& to, double share);

}  // namespace impasto
