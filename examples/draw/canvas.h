#pragma once

#include <functional>
#include <vector>

#include "impasto/image.h"
#include "parallel.h"
#include "vec.h"

namespace impasto::draw {

/// A ground to paint on: display colour and the height of the paint, `scale` times finer than the
/// picture that it becomes. All positions and lengths are in pixels of that picture.
class Canvas {
 public:
  Canvas(int width, int height, int scale);

  int width() const { return width_; }
  int height() const { return height_; }
  int scale() const { return scale_; }
  int fine_width() const { return width_ * scale_; }
  int fine_height() const { return height_ * scale_; }
  Vec2 position(int x, int y) const {
    return {(static_cast<float>(x) + 0.5f) / static_cast<float>(scale_),
            (static_cast<float>(y) + 0.5f) / static_cast<float>(scale_)};
  }
  Vec3& color(int x, int y) { return color_[index(x, y)]; }
  float& relief(int x, int y) { return relief_[index(x, y)]; }
  /// The colour at a position, clamped to the canvas.
  Vec3 look(Vec2 p) const;

  /// color(x, y) = shader(position, colour so far) everywhere, in parallel.
  template <class Shader>
  void shade(const Shader& shader) {
    parallel_rows(fine_height(), [&](int y) {
      for (int x = 0; x < fine_width(); ++x) color(x, y) = shader(position(x, y), color(x, y));
    });
  }
  /// Lights the relief of the paint from the upper left: `depth` is the contrast of slopes, `gloss`
  /// the brightness of highlights on wet ridges.
  void light(float depth, float gloss);
  /// Averages the fine pixels.
  Image shrink() const;

 private:
  size_t index(int x, int y) const { return static_cast<size_t>(y) * fine_width() + x; }

  int width_, height_, scale_;
  std::vector<Vec3> color_;
  std::vector<float> relief_;
};

/// Fills the inside of a convex or concave polygon: `paint(position, distance to the outline,
/// colour so far)` gives the new colour.
void fill_polygon(Canvas& canvas, const std::vector<Vec2>& corners,
                  const std::function<Vec3(Vec2, float, Vec3)>& paint);

/// The distance from `p` to the segment a-b.
float distance_to_segment(Vec2 p, Vec2 a, Vec2 b);

}  // namespace impasto::draw
