#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "methods/build_objective.h"
#include "methods/unknown.h"
#include "optim/optimizer.h"

namespace impasto {

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

/// Memory that painting at this size takes at its peak, told before anything is allocated.
size_t scale_bytes(const Engine&, const Size&, const std::vector<WeightedStyle>&,
                   const StylizeOptions&);

/// One scale of a run: the objective, the unknown, and an optimiser that moves it. What stylize
/// takes its steps with, and what bench measures.
class ScaleRun {
 public:
  /// `start` has the photograph's size. The engine has to outlive this.
  ScaleRun(Engine&, const Image& photo, const Image& start, const std::vector<WeightedStyle>&,
           const StylizeOptions&);

  /// Renders, evaluates the objective with its gradient, and moves the unknown.
  void step();
  /// Weighted terms of the last evaluation.
  const std::vector<std::pair<std::string, double>>& terms() const { return objective_->terms(); }
  /// The picture that was evaluated last, without the margin.
  Image picture() const;
  /// The best picture so far; no step may follow.
  Image finish();

 private:
  const int margin_;
  std::unique_ptr<Objective> objective_;
  std::unique_ptr<Unknown> unknown_;
  std::unique_ptr<Optimizer> optimizer_;
  Tensor picture_, dpicture_;
};

}  // namespace impasto
