#include "brush.h"

namespace impasto::draw {

Brush::Brush(Canvas& canvas)
    : canvas_(canvas), marks_(static_cast<size_t>(canvas.fine_width()) * canvas.fine_height()) {}

// Finds every fine pixel under the stroke and where it lies on the brush.
void Brush::sweep(const Stroke& stroke, float total) {
  const auto scale = static_cast<float>(canvas_.scale());
  float start = 0;
  for (size_t i = 1; i < stroke.path.size(); ++i) {
    const Vec2 a = stroke.path[i - 1], b = stroke.path[i], step = b - a;
    const float span = length(step);
    if (span < 1e-4f) continue;
    const float reach = stroke.width / 2 + 1;
    const int x0 = std::max(static_cast<int>((std::min(a.x, b.x) - reach) * scale), 0);
    const int x1 =
        std::min(static_cast<int>((std::max(a.x, b.x) + reach) * scale), canvas_.fine_width() - 1);
    const int y0 = std::max(static_cast<int>((std::min(a.y, b.y) - reach) * scale), 0);
    const int y1 =
        std::min(static_cast<int>((std::max(a.y, b.y) + reach) * scale), canvas_.fine_height() - 1);
    for (int y = y0; y <= y1; ++y)
      for (int x = x0; x <= x1; ++x) {
        const Vec2 from_a = canvas_.position(x, y) - a;
        const float t = clamp01(dot(from_a, step) / (span * span));
        const float along = start + t * span;
        const float end = std::min(along, total - along) / (stroke.taper * total + 1e-6f);
        const float thin = stroke.taper > 0 ? std::sqrt(clamp01(0.06f + end)) : 1;
        const float radius = stroke.width / 2 * thin;
        const float side = step.x * from_a.y - step.y * from_a.x < 0 ? -1.0f : 1.0f;
        const float across = side * length(from_a - step * t) / radius;
        if (std::abs(across) > 1) continue;
        const int index = y * canvas_.fine_width() + x;
        Mark& mark = marks_[index];
        if (mark.across > 1) touched_.push_back(index);
        if (std::abs(across) < std::abs(mark.across)) mark = {across, along};
      }
    start += span;
  }
}

void Brush::paint(const Stroke& stroke) {
  float total = 0;
  for (size_t i = 1; i < stroke.path.size(); ++i)
    total += length(stroke.path[i] - stroke.path[i - 1]);
  sweep(stroke, total);
  const Vec2 shift{hash01(stroke.seed, 1) * 1000, hash01(stroke.seed, 2) * 1000};
  const float hairs = std::max(stroke.width * 0.26f, 1.8f);  // across half the brush
  for (const int index : touched_) {
    Mark& mark = marks_[index];
    const float v = mark.across, u = mark.along;
    const float streak = noise(shift + Vec2{v * hairs, u * 0.035f}) * 0.65f +
                         noise(shift + Vec2{v * hairs * 2.3f, u * 0.06f}) * 0.35f;
    const float rough = 0.12f * noise(shift + Vec2{u * 0.15f, v > 0 ? 7.0f : 3.0f});
    const float soft = std::min(1.6f / stroke.width, 0.5f);
    float cover = smoothstep(1, 1 - 2 * soft, std::abs(v) + rough);
    const float dry = stroke.dryness * (0.35f + 0.9f * u / std::max(total, 1.0f));
    cover *= smoothstep(dry - 0.25f, dry, 0.5f + 0.75f * streak + 1e-3f);
    cover *= stroke.opacity;
    const int x = index % canvas_.fine_width(), y = index / canvas_.fine_width();
    Vec3& color = canvas_.color(x, y);
    const float side = clamp01(0.5f + 0.6f * v + 0.5f * streak) * stroke.blend;
    const Vec3 paint = mix(stroke.color, stroke.second, side) * (1 + stroke.bristles * streak);
    color = mix(color, paint, cover);
    const float ridge = smoothstep(0.5f, 0.85f, std::abs(v));
    const float body = stroke.thickness * (0.75f + 0.5f * streak + 0.3f * ridge);
    float& relief = canvas_.relief(x, y);
    relief = mix(relief, 0.3f * relief + body, cover);
    mark = {};
  }
  touched_.clear();
}

}  // namespace impasto::draw
