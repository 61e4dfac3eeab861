#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nn/graph.h"

namespace impasto {

struct PlanOptions {
  DType type = DType::f32;           ///< of features and their gradients
  std::vector<std::string> taps;     ///< what the caller reads (and gives gradients for)
  bool input_gradient = false;       ///< backward() yields the gradient of the picture
  bool parameter_gradients = false;  ///< backward() fills parameter_gradient(i)
  /// Parameters will not change: the plan lets go of them once the backend has its own copy.
  bool frozen = false;
};

/// A network compiled for one input size: the layers up to the last tap, a place for every tensor
/// in one arena, weights in the backend's layout. Nothing is allocated before the first run.
class Plan {
 public:
  Plan(std::shared_ptr<const Graph>, Backend&, const Shape& input, const PlanOptions&);
  /// Of a network with several inputs: their shapes in the graph's order.
  Plan(std::shared_ptr<const Graph>, Backend&, const std::vector<Shape>& inputs,
       const PlanOptions&);
  ~Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;

  /// Bytes of the arena: all activations and gradients that are alive together.
  size_t arena_bytes() const;
  /// What the backend takes beside that.
  Footprint footprint() const;
  const Shape& input_shape() const;
  DType type() const;  ///< of features
  Shape tap_shape(const std::string& tap) const;

  /// Runs the network on a picture ([n, h, w, 3], f32; f64 with f64 features).
  void forward(const Tensor& input);
  /// The place of input i in the arena, for the caller to write to before forward(); what was there
  /// does not survive a run.
  Tensor input(size_t i);
  /// Runs the network on what its inputs hold.
  void forward();
  /// A tap's features; valid until the next forward() or backward().
  Tensor tap(const std::string& name) const;

  /// Fills or grows (when `accumulate`) the gradient of the objective with respect to a tap.
  using TapGradient = std::function<void(const std::string& tap, const Tensor& features,
                                         const Tensor& gradient, bool accumulate)>;
  /// From the taps back to the input and/or the parameters. The callback is called once for each
  /// tap, last layer first, after forward(). Returns the picture's gradient (valid until the next
  /// run) or an empty tensor.
  Tensor backward(const TapGradient&);
  /// Gradient of Graph::parameters()[i] from the last backward().
  const Tensor& parameter_gradient(size_t i) const;
  /// Must be called after parameter values changed.
  void parameters_changed();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace impasto
