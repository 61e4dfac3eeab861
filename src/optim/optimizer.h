#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "tensor/tensor.h"

namespace impasto {

/// The value at x and its gradient (both flat f32 of the same size).
using ValueAndGradient = std::function<double(const Tensor& x, const Tensor& gradient)>;

/// Minimises over a flat f32 vector, one step a call.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// Moves x and returns the value at the point it moved *from* (the last one evaluated).
  virtual double step(const Tensor& x, const ValueAndGradient&) = 0;
  /// Puts the best point evaluated so far into x and returns its value.
  virtual double finish(const Tensor& x) = 0;
};

struct LbfgsOptions {
  int history = 8;           ///< pairs kept
  double learning_rate = 1;  ///< of every step but the first, which is scaled by min(1, 1/|g|_1)
};

/// Limited-memory BFGS with unit steps (Liu and Nocedal 1989; torch.optim.LBFGS without line
/// search). A step to a worse-by-far or non-finite value is taken back: it returns to the best point,
/// forgets its history and goes on with smaller steps.
std::unique_ptr<Optimizer> make_lbfgs(const LbfgsOptions& = {});

struct AdamOptions {
  double learning_rate = 0.02;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};

/// Adam (Kingma and Ba 2015). Non-finite gradients are skipped, with the rate halved.
std::unique_ptr<Optimizer> make_adam(const AdamOptions& = {});

}  // namespace impasto
