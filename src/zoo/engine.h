#pragma once

#include <memory>
#include <string>

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

/// The network and the precision that the options ask for. Throws Error{unsupported}
/// for bf16 on a processor that cannot, and what open_network throws.
Engine open_engine(const StylizeOptions&);
/// The same, unless it is what the session's last job left.
std::shared_ptr<Engine> engine_of(Session&, const StylizeOptions&);
/// Whether the job that has this session's engine may spend it, as nothing is kept for the next
/// one; then the session has forgotten it.
bool spend_engine(Session&);
/// What it computes in: f32 or bf16.
Precision precision_of(const Engine&);
/// What an engine depends on of the options: all that it is opened with.
std::string engine_key(const StylizeOptions&);

}  // namespace impasto
