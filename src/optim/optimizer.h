#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "tensor/tensor.h"

namespace impasto {

/// Returns the value at x and overwrites the gradient (both flat f32 of the same size; the gradient
/// comes with arbitrary contents). NaN and infinity are welcome: they mean "not here".
using ValueAndGradient = std::function<double(const Tensor& x, const Tensor& gradient)>;

/// Minimises over a flat f32 vector, one evaluation a step.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// Evaluates at x, then moves x. Returns the value at the point that it moved *from* (not finite
  /// only if that point was bad; x itself stays finite). x is the caller's between steps as well,
  /// but has to keep its size; an optimiser is for one run. Throws Error{internal} for another
  /// size.
  virtual double step(const Tensor& x, const ValueAndGradient&) = 0;
  /// Puts the best point evaluated so far into x and returns its value; without any, x stays and
  /// the value is infinity. Where x stands after the last step nothing was evaluated yet.
  virtual double finish(const Tensor& x) = 0;

  // For long runs: a schedule of rates, and what a checkpoint has to hold besides x.
  virtual void set_learning_rate(double rate) = 0;
  /// Copies by name; empty for optimisers that simply start afresh.
  virtual NamedTensors state() const { return {}; }
  /// Takes back what state() gave. Throws Error{input} when tensors are missing or of other sizes.
  virtual void restore(const NamedTensors&) {}
};

struct LbfgsOptions {
  int history = 8;           ///< pairs kept, at least 1
  double learning_rate = 1;  ///< of every step but the first, which is scaled by min(1, 1/|g|_1)
  DType history_type = DType::f32;  ///< bf16: half the memory, and half the time of long vectors
};

/// Limited-memory BFGS with unit steps (Liu and Nocedal 1989; torch.optim.LBFGS without line
/// search), vector-free (Chen, Wang, Zhou 2014): two passes over the history a step. A step to a
/// non-finite or worse-by-far value (more than twice the best) is taken back: it returns to the
/// best point, forgets its history and goes on with steps of half the length, which then grow
/// again. The result does not depend on the number of threads. Throws Error{usage} for bad options.
std::unique_ptr<Optimizer> make_lbfgs(const LbfgsOptions& = {});

/// Memory that this takes for `size` unknowns, without x.
int64_t lbfgs_bytes(const LbfgsOptions&, int64_t size);

struct MemorylessOptions {
  double learning_rate = 1;      ///< as of L-BFGS
  DType step_type = DType::f32;  ///< of the last step, which is kept; bf16: half the memory
};

/// BFGS that knows the last step only (Shanno 1978, "Conjugate gradient methods with inexact
/// searches"; Nocedal and Wright 2006, 7.2), in as little memory as there can be: two gradients and
/// that step. Unit steps, safeguards and finish() as of L-BFGS, with the last point evaluated in
/// place of the best. Over a few dozen steps it is about as good. Throws Error{usage}.
std::unique_ptr<Optimizer> make_memoryless_bfgs(const MemorylessOptions& = {});

/// Memory that this takes for `size` unknowns, without x.
int64_t memoryless_bytes(const MemorylessOptions&, int64_t size);

struct AdamOptions {
  double learning_rate = 0.02;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  /// False for stochastic objectives, where the value of one batch says nothing about the point:
  /// finish() then leaves x where it is and returns the last finite value.
  bool keep_best = true;
};

/// Adam (Kingma and Ba 2015). Where value or gradient is not finite, the step is skipped and the
/// rate halved; with keep_best it also returns to the best point and forgets its moments.
std::unique_ptr<Optimizer> make_adam(const AdamOptions& = {});

/// Memory that this takes for `size` unknowns, without x.
int64_t adam_bytes(const AdamOptions&, int64_t size);

}  // namespace impasto
