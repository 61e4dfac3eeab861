#pragma once

#include <string>

#include "formats/safetensors.h"
#include "models/decoder.h"

namespace impasto::test {

/// A decoder for the method "instant" with random weights, and its style code.
inline NamedTensors random_decoder() {
  const auto graph = make_decoder();
  initialise_decoder(*graph, 5);
  NamedTensors tensors = graph->named_parameters();
  const int64_t numbers = 2 * (3 + 16 + 32 + 64 + 128 + 128);
  tensors["code.mean"] = Tensor::full({numbers}, 1);
  tensors["code.deviation"] = Tensor::full({numbers}, 2);
  return tensors;
}

inline void write_instant_network(const std::string& path) {
  write_safetensors(path, random_decoder(), DType::f32, {{"impasto.format", "instant-4"}});
}

}  // namespace impasto::test
