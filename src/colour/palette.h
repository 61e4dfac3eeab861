#pragma once

#include <array>

#include "impasto/image.h"

namespace impasto {

/// The palette of a picture: mean and covariance of its colours in Oklab (image/oklab.h).
struct Palette {
  std::array<double, 3> mean{};
  std::array<double, 9> covariance{};
};

/// Of what can be seen of a picture: pixels count by their opacity. Large ones are sampled.
Palette palette_of(const Image&);

/// An affine map of colours in Oklab.
struct ColourMap {
  std::array<float, 9> matrix{1, 0, 0, 0, 1, 0, 0, 0, 1};  ///< row-major
  std::array<float, 3> offset{};

  /// In place.
  void apply(float* lab, int64_t pixels) const;
};

/// What gives colours of mean 0 and variance 1 a palette.
ColourMap from_standard(const Palette&);

/// Deviation of hue and colourfulness: 0 for grey; of what a map makes of a palette.
double colourfulness(const Palette&, const ColourMap& = {});

/// `share` of the way, 0..1, from the colours of one palette to those of another along the optimal
/// transport between Gaussians (Pitie and Kokaram 2007, "The linear Monge-Kantorovitch linear
/// colour mapping"): of all maps that reach it, the one that moves colours least. Where `from` has
/// hardly any colour nothing is amplified that could be noise.
ColourMap colour_map(const Palette& from, const Palette& to, double share);
/// The same for lightness alone; the other two axes become 0.
ColourMap tone_map(const Palette& from, const Palette& to, double share);

}  // namespace impasto
