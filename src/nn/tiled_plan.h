#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nn/plan.h"
#include "nn/tiling.h"

namespace impasto {

/// The size of what a network is given at a time; 0: all of the picture.
struct Window {
  int64_t height = 0, width = 0;
};

/// A plan for one picture, whole or window by window. Windows overlap by what the network sees
/// beyond a position, and each feature counts in one of them only; so sums over the tiles' features
/// are sums over the picture's, and gradients from each tile's own features add up to the
/// picture's, equal to those of the whole up to rounding.
class TiledPlan {
 public:
  /// The window is brought to the nearest size that has all tiles alike. Throws Error{unsupported}
  /// when it is smaller than the picture and the network cannot be cut.
  TiledPlan(std::shared_ptr<const Graph>, Backend&, const Shape& picture, const PlanOptions&,
            const Window& = {});

  const std::vector<Tile>& tiles() const { return tiles_; }
  /// A tile's window: [1, h, w, 3].
  const Shape& window() const { return plan_.input_shape(); }
  /// Bytes of one window's features and gradients, of copies of what counts of them, and of what
  /// the backend takes beside them.
  size_t bytes() const;
  size_t tap_bytes(const std::string& tap) const;  ///< of a tap's features in a window

  /// Runs the network on a tile of the picture.
  void forward(const Tensor& picture, const Tile&);
  /// Fills a window [1, h, w, 3], f32 (f64 with f64 features), whose first pixel stands at (y, x).
  using Read = std::function<void(int64_t y, int64_t x, const Tensor& window)>;
  void forward(const Read& picture, const Tile&);

  /// What counts of a tap's features, which forward() has computed; valid until the next call.
  Tensor tap(const std::string& name, const Tile&);
  /// The place of a tile's features in all of the tap's.
  struct Place {
    int64_t y, x;
  };
  Place place_of(const std::string& tap, const Tile&) const;

  /// As Plan::backward, with what counts of the features and their gradient; the picture's gradient
  /// grows by the tile's share, or, when asked, becomes it.
  void backward(const Tile&, const Plan::TapGradient&, const Tensor& gradient, bool accumulate);

 private:
  int64_t step(const std::string& tap) const { return fields_.at(tap).step; }
  bool is_whole() const { return tiles_.size() == 1; }

  std::map<std::string, Field> fields_;
  Shape picture_;
  Plan plan_;
  std::vector<Tile> tiles_;
  Tensor features_, gradients_;  // what counts of a tap
};

}  // namespace impasto
