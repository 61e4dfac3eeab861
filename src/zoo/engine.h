#pragma once

#include <memory>

#include "impasto/stylize.h"
#include "zoo/zoo.h"

namespace impasto {

/// What all scales of a run share.
struct Engine {
  Network network;
  std::unique_ptr<Backend> backend;
  DType type = DType::f32;  ///< of features
  /// The network for pictures whose opposite borders are neighbours (canvas/joined.h); null where
  /// a picture ends at its frame.
  std::shared_ptr<const Graph> joined;
};

/// The network, the threads and the precision that the options ask for. Throws Error{unsupported}
/// for bf16 on a processor that cannot, and what open_network throws.
Engine open_engine(const StylizeOptions&);
/// Whether both ask for the same engine.
bool same_engine(const StylizeOptions&, const StylizeOptions&);

}  // namespace impasto
