#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"
#include "tensor/tensor.h"

/// Networks and pictures from SplitMix64, as make_goldens.py computes them too.
namespace impasto::test {

using Widths = std::vector<std::vector<int>>;

inline Tensor uniform_tensor(Random& random, const Shape& shape, double low, double high) {
  const Tensor t(shape);
  for (int64_t i = 0; i < t.size(); ++i) {
    t.data<float>()[i] = static_cast<float>(random.uniform(low, high));
  }
  return t;
}

/// Weights and biases by our names.
inline NamedTensors synthetic_vgg(const Widths& widths, uint64_t seed) {
  NamedTensors tensors;
  Random random(seed);
  int in = 3;
  for (size_t block = 0; block < widths.size(); ++block) {
    for (size_t i = 0; i < widths[block].size(); ++i) {
      const int out = widths[block][i];
      const std::string conv = "conv" + std::to_string(block + 1) + "_" + std::to_string(i + 1);
      const double limit = std::sqrt(6.0 / (in * 9));
      tensors[conv + ".weight"] = uniform_tensor(random, {out, in, 3, 3}, -limit, limit);
      tensors[conv + ".bias"] = uniform_tensor(random, {out}, -0.1, 0.1);
      in = out;
    }
  }
  return tensors;
}

/// The same tensors under other names: one prefix for each convolution, in order.
inline NamedTensors renamed(const NamedTensors& tensors, const std::vector<std::string>& prefixes) {
  NamedTensors result;
  size_t i = 0;
  for (auto it = tensors.begin(); it != tensors.end(); ++i) {  // bias, weight, bias, weight ...
    result[prefixes.at(i) + ".bias"] = (it++)->second;
    result[prefixes.at(i) + ".weight"] = (it++)->second;
  }
  return result;
}

inline Tensor synthetic_picture(int height, int width, uint64_t seed) {
  Random random(seed);
  return uniform_tensor(random, {1, height, width, 3}, 0, 1);
}

}  // namespace impasto::test
