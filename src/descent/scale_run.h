#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "descent/scale_plan.h"
#include "descent/unknown.h"

namespace impasto {

/// One scale of a run: the objective, the unknown, and an optimiser that moves it. What stylize
/// takes its steps with, and what bench measures.
class ScaleRun {
 public:
  /// `start` has the photograph's size. The engine has to outlive this, and in windows the
  /// photograph, too.
  ScaleRun(Engine&, const PictureSource& photo, const PictureSource& start,
           const std::vector<WeightedStyle>&, const StylizeOptions&, const JobStage&);

  /// Renders, evaluates the objective with its gradient, and moves the unknown. False: given up, as
  /// a StopScope wants it.
  bool step();
  /// Weighted terms of the last evaluation.
  const std::vector<std::pair<std::string, double>>& terms() const { return objective_->terms(); }
  /// The picture as it is, without the margin; of a large one that is painted in windows a small
  /// copy.
  Image preview();
  /// The best picture so far; no step may follow.
  Image finish();

 private:
  double evaluate(const Tensor& values, const Tensor& gradient);
  Image picture(int longest);

  const int margin_;
  std::unique_ptr<Objective> objective_;
  std::unique_ptr<Unknown> unknown_;
  std::unique_ptr<Optimizer> optimizer_;
  const bool in_place_;
  Tensor picture_, dpicture_;  // unless in place
  bool given_up_ = false;      // the last step
};

}  // namespace impasto
