#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "backend/backend.h"

namespace impasto::test {

using Tensors = std::vector<Tensor>;

struct CaseInput {
  Shape shape;
  bool parameter = false;  ///< weights, biases, pixels: f32 where activations are bf16
};

/// One primitive on one shape, run the same way on any backend and in any type: what finite
/// differences, and the comparison of backends, are made of.
struct BackendCase {
  std::string name;  ///< letters, digits and underscores
  std::vector<CaseInput> inputs;
  std::function<Tensors(Backend&, DType, const Tensors& in)> forward;
  /// Gradients of the inputs, in order (fewer, if the last ones have none), given that of the first
  /// output. Null for primitives that have no backward.
  std::function<Tensors(Backend&, DType, const Tensors& in, const Tensors& out, const Tensor& dout)>
      backward;
  bool large = false;  ///< too slow for finite differences
};

inline std::ostream& operator<<(std::ostream& out, const BackendCase& c) {
  return out << c.name;
}

/// Type of parameters beside activations of `type`.
constexpr DType parameter_type(DType type) {
  return type == DType::f64 ? type : DType::f32;
}

/// Random inputs for a case, the same for the same seed; standard normal, rounded to the type.
Tensors random_inputs(const BackendCase&, DType type, uint64_t seed);
Tensor random_tensor(Shape shape, DType type, uint64_t seed);

/// Every primitive: odd sizes, sides of one and two pixels, channels 1, 3, 4, 16, 17, 64.
std::vector<BackendCase> backend_cases();
std::vector<BackendCase> conv_cases();  ///< included in backend_cases()

}  // namespace impasto::test
