#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "losses/loss.h"
#include "nn/tiled_plan.h"

namespace impasto {

/// The number that a job minimises: weighted losses on an encoder's taps and on the pixels, with
/// its gradient with respect to the picture. Where that is large, features are computed window by
/// window, twice: once for what the losses have to know of all of them, once for the gradient. The
/// result is the same up to rounding.
class Objective {
 public:
  /// For pictures of shape [1, h, w, 3]; features have this type, and are those of a window at a
  /// time.
  Objective(std::shared_ptr<const Graph>, Backend&, const Shape& picture, DType,
            const Window& = {});

  /// `term` is what the loss is reported under; several losses may share one. The first evaluation
  /// lets go of the graph, as its parameters are needed no longer: from then on losses on features
  /// are on the taps that it had.
  void add(const std::string& term, const std::string& tap, double weight,
           std::unique_ptr<FeatureLoss>);
  void add(const std::string& term, double weight, std::unique_ptr<ImageLoss>);
  /// Forgets all losses and terms, for those of another picture of this shape; what is compiled
  /// stays.
  void clear();
  /// Where windows of the photograph come from, for losses that read its features part by part.
  void set_photo(TiledPlan::Read);

  /// Value at `picture`; `gradient` (same shape) is overwritten. May throw Stopped.
  double evaluate(const Tensor& picture, const Tensor& gradient);
  /// Weighted terms of the last evaluation, in the order in which they were added.
  const std::vector<std::pair<std::string, double>>& terms() const { return terms_; }

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
  std::vector<std::string> taps() const;
  void compile();
  void look(const Tensor& picture, const Tile&);
  Part part_of(const std::string& tap, const Tile&) const;
  void observe(const Tensor& picture);
  void add_values();
  void differentiate(const Tensor& picture, const Tensor& gradient);

  std::shared_ptr<const Graph> graph_;
  Backend& backend_;
  Shape shape_;
  DType type_;
  Window window_;
  std::vector<OnFeatures> on_features_;
  std::vector<OnPixels> on_pixels_;
  std::vector<std::pair<std::string, double>> terms_;
  TiledPlan::Read photo_;
  std::map<std::string, Tensor> photo_taps_, photo_rooms_;  // of the tile that was looked at
  std::unique_ptr<TiledPlan> plan_;
  std::vector<std::string> compiled_taps_;
};

}  // namespace impasto
