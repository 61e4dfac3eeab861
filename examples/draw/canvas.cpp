#include "canvas.h"

namespace impasto::draw {

Canvas::Canvas(int width, int height, int scale)
    : width_(width),
      height_(height),
      scale_(scale),
      color_(static_cast<size_t>(width) * height * scale * scale),
      relief_(color_.size()) {}

Vec3 Canvas::look(Vec2 p) const {
  const auto scale = static_cast<float>(scale_);
  const int x = std::clamp(static_cast<int>(p.x * scale), 0, fine_width() - 1);
  const int y = std::clamp(static_cast<int>(p.y * scale), 0, fine_height() - 1);
  return color_[index(x, y)];
}

void Canvas::light(float depth, float gloss) {
  const Vec3 lamp = normalize(Vec3{-0.5f, -0.65f, 0.6f});
  const Vec3 half = normalize(lamp + Vec3{0, 0, 1});
  parallel_rows(
      fine_height(), [&](int y) {  // slopes over four fine pixels: no single-pixel glitter
        const int up = std::max(y - 2, 0), down = std::min(y + 2, fine_height() - 1);
        for (int x = 0; x < fine_width(); ++x) {
          const int left = std::max(x - 2, 0), right = std::min(x + 2, fine_width() - 1);
          const float slope_x = relief(right, y) - relief(left, y);
          const float slope_y = relief(x, down) - relief(x, up);
          const Vec3 normal = normalize(Vec3{-slope_x * depth, -slope_y * depth, 1});
          const float shade = dot(normal, lamp) / lamp.z;  // 1 where the paint is flat
          const float shine =
              std::pow(std::max(dot(normal, half), 0.0f), 40.0f) - std::pow(half.z, 40.0f);
          Vec3& c = color(x, y);
          c = c * std::clamp(shade, 0.35f, 1.45f) +
              Vec3{1, 0.98f, 0.94f} * std::max(gloss * shine, 0.0f);
        }
      });
}

Image Canvas::shrink() const {
  Image image(width_, height_);
  const float weight = 1.0f / static_cast<float>(scale_ * scale_);
  parallel_rows(height_, [&](int y) {
    for (int x = 0; x < width_; ++x) {
      Vec3 sum;
      for (int j = 0; j < scale_; ++j)
        for (int i = 0; i < scale_; ++i) sum += color_[index(x * scale_ + i, y * scale_ + j)];
      float* pixel = image.row(y) + 3 * x;
      pixel[0] = clamp01(sum.x * weight);
      pixel[1] = clamp01(sum.y * weight);
      pixel[2] = clamp01(sum.z * weight);
    }
  });
  return image;
}

float distance_to_segment(Vec2 p, Vec2 a, Vec2 b) {
  const Vec2 along = b - a;
  const float t = clamp01(dot(p - a, along) / std::max(dot(along, along), 1e-9f));
  return length(p - a - along * t);
}

void fill_polygon(Canvas& canvas, const std::vector<Vec2>& corners,
                  const std::function<Vec3(Vec2, float, Vec3)>& paint) {
  Vec2 low = corners[0], high = corners[0];
  for (Vec2 c : corners) {
    low = {std::min(low.x, c.x), std::min(low.y, c.y)};
    high = {std::max(high.x, c.x), std::max(high.y, c.y)};
  }
  const auto scale = static_cast<float>(canvas.scale());
  const int x0 = std::max(static_cast<int>(low.x * scale), 0);
  const int x1 = std::min(static_cast<int>(high.x * scale), canvas.fine_width() - 1);
  const int y0 = std::max(static_cast<int>(low.y * scale), 0);
  const int y1 = std::min(static_cast<int>(high.y * scale), canvas.fine_height() - 1);
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x) {
      const Vec2 p = canvas.position(x, y);
      bool inside = false;
      float edge = 1e9f;
      for (size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
        const Vec2 a = corners[i], b = corners[j];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
          inside = !inside;
        edge = std::min(edge, distance_to_segment(p, a, b));
      }
      if (inside) canvas.color(x, y) = paint(p, edge, canvas.color(x, y));
    }
}

}  // namespace impasto::draw
