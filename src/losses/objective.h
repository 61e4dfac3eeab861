#pragma once

#include <memory>
#include <string>
#include <vector>

#include "losses/loss.h"
#include "nn/plan.h"

namespace impasto {

/// The number that a job minimises: weighted losses on an encoder's taps and on the pixels, with
/// its gradient with respect to the picture.
class Objective {
 public:
  /// For pictures of shape [1, h, w, 3]; features have this type.
  Objective(std::shared_ptr<const Graph>, Backend&, const Shape& picture, DType);

  /// `term` is what the loss is reported under; several losses may share one.
  /// Losses on features are all added before the first evaluation, which lets go of the graph: its
  /// parameters are needed no longer.
  void add(const std::string& term, const std::string& tap, double weight,
           std::unique_ptr<FeatureLoss>);
  void add(const std::string& term, double weight, std::unique_ptr<ImageLoss>);

  /// Value at `picture`; `gradient` (same shape) is overwritten.
  double evaluate(const Tensor& picture, const Tensor& gradient);
  /// Weighted terms of the last evaluation, in the order in which they were added.
  const std::vector<std::pair<std::string, double>>& terms() const { return terms_; }
  /// Memory of the network's features and gradients, known before the first evaluation.
  size_t bytes();

 private:
  struct OnFeatures {
    size_t term;
    std::string tap;
    double weight;
    std::unique_ptr<FeatureLoss> loss;
  };
  struct OnPixels {
    size_t term;
    double weight;
    std::unique_ptr<ImageLoss> loss;
  };
  size_t term_index(const std::string& term);
  Plan& plan();

  std::shared_ptr<const Graph> graph_;
  Backend& backend_;
  Shape shape_;
  DType type_;
  std::vector<OnFeatures> on_features_;
  std::vector<OnPixels> on_pixels_;
  std::vector<std::pair<std::string, double>> terms_;
  std::unique_ptr<Plan> plan_;
};

}  // namespace impasto
