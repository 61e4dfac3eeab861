#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "models/vgg.h"
#include "nn/plan.h"

namespace impasto::test {

using GraphPtr = std::shared_ptr<Graph>;

/// Random parameters of the given type: weights of variance 1 / fan-in, biases around 0.1, scales
/// around 1.
inline GraphPtr with_parameters(GraphPtr graph, uint64_t seed, DType type) {
  Random random(seed);
  for (Parameter& p : graph->parameters()) {
    const Shape& s = p.value.shape();
    const bool scale = p.name.find("scale") != std::string::npos;
    const double size =
        s.rank() == 4 ? std::sqrt(6.0 / static_cast<double>(s[1] * s[2] * s[3])) : 0.2;
    Tensor value(s, DType::f64);
    for (int64_t i = 0; i < s.size(); ++i) {
      value.data<double>()[i] = size * random.uniform(-1, 1) + (scale           ? 1
                                                                : s.rank() == 4 ? 0
                                                                                : 0.1);
    }
    p.value = value.to(type);
  }
  return graph;
}

inline VggConfig tiny_vgg(PadMode padding, PoolKind pooling) {
  VggConfig config;
  config.widths = {{4, 3}, {5}, {4}};
  config.padding = padding;
  config.pooling = pooling;
  config.pixels.matrix = {2, 0, 0.5f, 0, 3, 0, 0, -0.5f, 2};
  config.pixels.offset = {-1, -1.5f, -0.5f};
  return config;
}

inline Tensor random_picture(Shape shape, DType type, uint64_t seed) {
  Random random(seed);
  Tensor t(shape, DType::f64);
  for (int64_t i = 0; i < t.size(); ++i) t.data<double>()[i] = random.uniform();
  return t.to(type);
}

/// sum(w f + f^2 / 2) over a tap's features with fixed weights w: its gradient, w + f, depends on
/// the features, so that features which were overwritten too early show.
class TapLoss {
 public:
  static double weight(const std::string& tap, int64_t i) {
    return static_cast<double>(
               (static_cast<size_t>(i) * 7 + tap.size() * 3 + static_cast<size_t>(tap.back())) %
               11) *
               0.2 -
           1;
  }
  static double value(const std::string& tap, const Tensor& f) {
    double sum = 0;
    for (int64_t i = 0; i < f.size(); ++i) {
      sum += weight(tap, i) * f.at(i) + 0.5 * f.at(i) * f.at(i);
    }
    return sum;
  }
  static void gradient(const std::string& tap, const Tensor& f, const Tensor& df, bool accumulate) {
    Tensor sum(f.shape(), DType::f64);
    for (int64_t i = 0; i < f.size(); ++i) {
      sum.data<double>()[i] = weight(tap, i) + f.at(i) + (accumulate ? df.at(i) : 0);
    }
    df.copy_from(sum);
  }
};

/// The sum of the taps' losses at a picture.
inline double total_loss(Plan& plan, const std::vector<std::string>& taps, const Tensor& picture) {
  plan.forward(picture);
  double sum = 0;
  for (const std::string& tap : taps) sum += TapLoss::value(tap, plan.tap(tap));
  return sum;
}

}  // namespace impasto::test
