#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/random.h"
#include "impasto/train.h"
#include "nn/graph.h"
#include "nn/plan.h"

namespace impasto {

/// All parameters as one flat vector, the unknown of an optimiser: after this they are views into
/// it.
Tensor flatten_parameters(std::vector<Parameter>&);

/// Keeps one batch from undoing what a thousand taught: gradients whose norm is above `most` times
/// what is usual (a running mean) are brought down to that, and those that are not finite to 0.
class GradientLimit {
 public:
  explicit GradientLimit(double most = 3) : most_(most) {}
  void apply(const std::vector<Tensor>& gradients);  ///< f32, as one vector

 private:
  double most_, usual_ = 0;
};

struct TrainerOptions {
  int steps = 0;                ///< 0: until the time is over; without either nothing is done
  double learning_rate = 2e-3;  ///< at the start, after a short warm-up; falls to 0 along a cosine
  uint64_t seed = 1;
  std::string checkpoint;
  double seconds = 0;  ///< of training in all, before it was resumed, too; 0: as the steps take
  /// Adam's: 0.99 where gradients grow suddenly, so that no step is longer than the rate.
  double beta2 = 0.999;
  std::function<void(int step)> after_step = {};  ///< e.g. for sample sheets
};

/// The loop that every training shares: Adam on parameters, schedule, progress with ETA,
/// checkpoints (every two minutes, at the end, and when cancelled) that it resumes from.
/// `step` gets random numbers of its own for each step, puts all parameter gradients into
/// `gradients` (same order) and returns the named losses; the first counts.
using TrainingStep = std::function<std::vector<std::pair<std::string, double>>(
    Random&, const std::vector<Tensor>& gradients)>;
TrainReport run_training(std::vector<Parameter>&, const TrainerOptions&, const TrainingStep&,
                         Progress&);

}  // namespace impasto
