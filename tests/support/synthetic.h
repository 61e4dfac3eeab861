#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "impasto/image.h"
#include "tensor/tensor.h"

namespace impasto::test {

// What make_goldens.py generates as well, the same to the last bit.

/// Soft blobs with fine noise on them.
inline Image synthetic_picture(int width, int height, uint64_t seed) {
  constexpr int nodes = 7;
  Random random(seed);
  std::vector<double> grid(nodes * nodes * 3);
  for (double& v : grid) v = random.uniform();
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    const double fy = static_cast<double>(y * (nodes - 1)) / height;
    const int j = static_cast<int>(fy);
    for (int x = 0; x < width; ++x) {
      const double fx = static_cast<double>(x * (nodes - 1)) / width;
      const int i = static_cast<int>(fx);
      for (int c = 0; c < 3; ++c) {
        const auto at = [&](int a, int b) {
          return grid[(static_cast<size_t>(a) * nodes + b) * 3 + c];
        };
        const double above = at(j, i) + (at(j, i + 1) - at(j, i)) * (fx - i);
        const double below = at(j + 1, i) + (at(j + 1, i + 1) - at(j + 1, i)) * (fx - i);
        const double v = above + (below - above) * (fy - j) + 0.2 * (random.uniform() - 0.5);
        image.row(y)[3 * x + c] = static_cast<float>(std::clamp(v, 0.0, 1.0));
      }
    }
  }
  return image;
}

/// VGG-19's depth up to conv5_1 at small widths: weights by our names.
inline NamedTensors random_vgg19() {
  Random random(2015);
  NamedTensors tensors;
  int64_t channels = 3;
  const std::vector<std::pair<int64_t, int>> blocks = {{8, 2}, {16, 2}, {24, 4}, {32, 4}, {32, 1}};
  for (size_t block = 0; block < blocks.size(); ++block) {
    const auto [width, count] = blocks[block];
    for (int i = 1; i <= count; ++i) {
      const double size =
          std::sqrt(6.0 / static_cast<double>(channels * 9)) / (tensors.empty() ? 30 : 1);
      const std::string name = "conv" + std::to_string(block + 1) + "_" + std::to_string(i);
      Tensor weight({width, channels, 3, 3}), bias({width});
      for (int64_t k = 0; k < weight.size(); ++k) {
        weight.data<float>()[k] = static_cast<float>(size * (2 * random.uniform() - 1));
      }
      for (int64_t k = 0; k < width; ++k) {
        bias.data<float>()[k] = static_cast<float>(2 * random.uniform() - 1);
      }
      tensors[name + ".weight"] = weight;
      tensors[name + ".bias"] = bias;
      channels = width;
    }
  }
  return tensors;
}

}  // namespace impasto::test
