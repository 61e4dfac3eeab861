#pragma once

#include <optional>

#include "impasto/image.h"
#include "losses/loss.h"

namespace impasto {

/// A photograph without colours of its own (black and white, sepia), with faint ones that follow
/// its tones: a transfer of statistics amplifies colour and moves it, but cannot make any where
/// there is none, and such a photograph would stay as monochrome as it is. Mid-tones part from
/// lights and shadows along one axis, large light shapes from large dark ones along another, warm
/// and cool. Nothing for a photograph that has colours.
std::optional<Image> tinted(const Image& photo);

/// Whether a painting's colours are such, too: it has none to give.
bool is_monochrome(const FeatureStatistics& colours);

}  // namespace impasto
