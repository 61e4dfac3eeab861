#pragma once

#include <vector>

#include "canvas.h"
#include "noise.h"

namespace impasto::draw {

/// One pull of a bristle brush along a polyline.
struct Stroke {
  std::vector<Vec2> path;
  Vec3 color;
  Vec3 second;         ///< what the far side of the brush was dipped into; see `blend`
  float blend = 0;     ///< 0: only `color`; 1: runs into `second` across the brush
  float width = 10;    ///< pixels of the picture
  float taper = 0.3f;  ///< the part of the length over which each end thins, 0 (round ends) to 0.5
  float opacity = 1;
  float dryness = 0;       ///< 0: covers; 1: breaks up into bristle marks towards the end
  float bristles = 0.12f;  ///< contrast of the streaks
  float thickness = 1;     ///< height of the paint
  int seed = 0;
};

/// Paints strokes onto one canvas, one over the other.
class Brush {
 public:
  explicit Brush(Canvas& canvas);
  void paint(const Stroke& stroke);

 private:
  struct Mark {
    float across = 2, along = 0;  // -1..1 across the brush; pixels from the start
  };
  void sweep(const Stroke& stroke, float total);

  Canvas& canvas_;
  std::vector<Mark> marks_;  // over the canvas; across > 1 where the stroke has not been
  std::vector<int> touched_;
};

/// Follows a field of directions from `start` for `length` pixels, both ways if `centered`.
template <class Field>
std::vector<Vec2> follow(const Field& field, Vec2 start, float length, bool centered = true) {
  constexpr float kStep = 4;
  const auto walk = [&](float sign, float distance) {
    std::vector<Vec2> path{start};
    for (float done = 0; done < distance; done += kStep)
      path.push_back(path.back() + normalize(field(path.back())) * (sign * kStep));
    return path;
  };
  if (!centered) return walk(1, length);
  std::vector<Vec2> path = walk(-1, length / 2);
  std::reverse(path.begin(), path.end());
  const std::vector<Vec2> ahead = walk(1, length / 2);
  path.insert(path.end(), ahead.begin() + 1, ahead.end());
  return path;
}

}  // namespace impasto::draw
