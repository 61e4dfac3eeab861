#pragma once

#include <vector>

#include "noise.h"

namespace impasto::draw {

/// A valley with a lake (water at y = 0) before eroded mountains, with a spruce forest. Metres.
class Terrain {
 public:
  Terrain();
  /// The ground without trees.
  float ground(float x, float z) const;
  /// Nothing, ground or tree, is higher here.
  float ceiling(float x, float z) const;
  /// The ground or the tree top; `tree` becomes the height of the tree's surface over its foot,
  /// relative to its top (0: no tree here), `kind` a number 0..1 for each tree.
  float surface(float x, float z, float& tree, float& kind) const;
  float surface(float x, float z) const {
    float tree, kind;
    return surface(x, z, tree, kind);
  }

 private:
  float sample(const std::vector<float>& grid, float x, float z) const;
  void erode();
  float forest(float x, float z) const { return sample(forest_, x, z); }

  std::vector<float> height_, forest_;  // forest: 0..1, how likely a tree is
};

}  // namespace impasto::draw
