#pragma once

#include <functional>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "backend/machine.h"

namespace benchmark {
class State;
}

namespace impasto::bench {

/// One convolution of an encoder that looks at a picture of 512x512.
struct ConvLayer {
  std::string name;  ///< "conv1_1"
  int64_t side = 0;  ///< of its output
  int in = 0, out = 0;
  int count = 1;         ///< how many of this shape there are
  bool reflect = false;  ///< the border is mirrored, not 0

  Conv2dDesc desc(DType, bool relu) const;
  double flops() const;  ///< of one direction
};

/// Distinct shapes, by network: "small" or "vgg19".
std::vector<ConvLayer> layers_of(const std::string& network);

Backend& backend();
const MachineSpeed& machine();
/// f32, and bf16 where the backend has it.
std::vector<DType> types();
/// Normal numbers, seeded.
Tensor random_tensor(const Shape&, DType);

/// What one execution does at least: arithmetic, and operands read and written once.
struct Work {
  double flops = 0, bytes = 0;
  DType type = DType::f32;  ///< of the arithmetic
};
/// Times `run` and reports GFLOP/s, GB/s, and `limit`: the share of the machine's measured limit
/// (arithmetic or memory, whichever is the tighter). Operands that stay in a cache may exceed it.
void measure(benchmark::State&, const Work&, const std::function<void()>& run);
/// Registers a benchmark in real time, milliseconds.
void add(const std::string& name, const std::function<void(benchmark::State&)>& body);

/// Registers NAME/NETWORK/LAYER/TYPE for all layers and types; counter `count`: of this shape.
void add_for_layers(const std::string& name,
                    const std::function<void(benchmark::State&, const ConvLayer&, DType)>& body);

// Each registers its benchmarks.
void add_convolutions();
void add_bare_convolutions();
void add_spatial();
void add_pointwise();
void add_statistics();
void add_losses();
void add_optimizers();

}  // namespace impasto::bench
