#pragma once

#include <memory>
#include <vector>

#include "image/mask.h"
#include "impasto/stylize.h"
#include "zoo/zoo.h"

namespace impasto {

/// A painting with its weight among the others.
struct WeightedStyle {
  const Image* image;
  double weight;
  /// Where in the result it counts, of any size from the result's on; null: everywhere. Paintings
  /// with the same area are mixed there.
  const Mask* area = nullptr;
  double strength = -1;        ///< in that area; negative: the options'
  const Mask* part = nullptr;  ///< what of the painting is looked at; null: all of it
};
/// The paintings with the options' weights; they are not copied.
std::vector<WeightedStyle> weighted(const std::vector<const Image*>& styles, const StylizeOptions&);

/// What all scales of a run share.
struct Engine {
  Network network;
  std::unique_ptr<Backend> backend;
  DType type = DType::f32;  ///< of features
  /// The network for pictures whose opposite borders are neighbours (methods/joined.h); null where
  /// a picture ends at its frame.
  std::shared_ptr<const Graph> joined;
};

/// The network, the threads and the precision that the options ask for. Throws Error{unsupported}
/// for bf16 on a processor that cannot, and what open_network throws.
Engine open_engine(const StylizeOptions&);
/// Whether both ask for the same engine.
bool same_engine(const StylizeOptions&, const StylizeOptions&);

}  // namespace impasto
