#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nn/plan.h"

namespace impasto {

/// The networks that the small encoder learns from: the real VGG-19 for the shallow taps, a whole
/// small VGG, through its linear maps to VGG-19's channels, for the deep ones.
class Teachers {
 public:
  /// Reads both files. Throws Error{input} when they are not such networks.
  Teachers(Backend&, const std::string& shallow, const std::string& deep);

  /// Taps that can be asked of the teachers, shallow first, with their channels.
  const std::vector<std::pair<std::string, int>>& taps() const { return taps_; }
  /// Runs both on a batch (f32 [n, h, w, 3]); `type` is the features' type.
  void forward(const Tensor& pictures, DType type);
  Tensor features(const std::string& tap) const;

 private:
  struct Network {
    std::shared_ptr<const Graph> graph;
    std::vector<std::string> taps;  // in the graph
    std::optional<Plan> plan;
  };
  void run(Network&, const Tensor& pictures, DType type);

  Backend& backend_;
  Network shallow_, deep_;
  std::vector<std::pair<std::string, int>> taps_;
};

}  // namespace impasto
