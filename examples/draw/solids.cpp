#include "solids.h"

namespace impasto::draw {
namespace {

struct Knot {
  float up, out;
};

/// The radius of a turned profile at a height: a smooth curve through the knots (Catmull-Rom).
template <int N>
float profile(const Knot (&knots)[N], float up) {
  int i = 0;
  while (i < N - 2 && up > knots[i + 1].up) ++i;
  const Knot& a = knots[i > 0 ? i - 1 : 0];
  const Knot &b = knots[i], &c = knots[i + 1];
  const Knot& d = knots[i + 2 < N ? i + 2 : N - 1];
  const float span = c.up - b.up, t = clamp01((up - b.up) / span);
  const float m0 = (c.out - a.out) / (c.up - a.up) * span,
              m1 = (d.out - b.out) / (d.up - b.up) * span;
  const float t2 = t * t, t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * b.out + (t3 - 2 * t2 + t) * m0 + (-2 * t3 + 3 * t2) * c.out +
         (t3 - t2) * m1;
}

float ring(float out, float up, float center_out, float center_up, float radius) {
  return length(Vec2{out - center_out, up - center_up}) - radius;
}

/// A solid with a profile between two heights. The slope of profiles makes this an overestimate;
/// the factor keeps the marching safe.
template <int N>
float turned(const Knot (&knots)[N], float out, float up, float low, float high) {
  const float beyond = std::max(low - up, up - high);
  const float side = (out - profile(knots, up)) * 0.75f;
  if (beyond <= 0) return std::max(side, beyond);
  return side > 0 ? length(Vec2{side, beyond}) : beyond;
}

}  // namespace

float apple(float out, float up) {     // a thick ring closes into a dimpled ball
  const float taper = 1 + 0.13f * up;  // wider shoulders than foot
  return length(Vec2{out / taper - 0.36f, up * 0.98f}) - 0.62f;
}

float pear(float out, float up) {
  const float belly = length(Vec2{out, up + 0.12f}) - 0.86f;
  const float neck = length(Vec2{out, up - 0.98f}) - 0.40f;
  return smooth_min(belly, neck, 0.85f);
}

float lemon(float out, float up) {
  const float body = length(Vec2{out, up * 0.80f}) - 0.92f;
  const float tip = length(Vec2{out, std::abs(up) - 1.20f}) - 0.12f;
  return smooth_min(body, tip, 0.34f);
}

float bowl(float out, float up) {
  const float shell = std::abs(length(Vec2{out, (up - 1.06f) * 1.12f}) - 1.02f) - 0.03f;
  const float cut = std::max(shell, up - 0.66f);
  const float rim = ring(out, up, 0.925f, 0.66f, 0.042f);
  const float foot = std::max(std::abs(out - 0.42f) - 0.05f, std::abs(up - 0.06f) - 0.08f);
  return std::min(std::min(cut, rim), foot) * 0.9f;
}

float jug(float out, float up) {
  static constexpr Knot kBody[] = {{0, 0.40f},    {0.25f, 0.58f}, {0.65f, 0.70f}, {1.05f, 0.58f},
                                   {1.4f, 0.34f}, {1.65f, 0.30f}, {1.9f, 0.40f}};
  const float solid = turned(kBody, out, up, 0, 1.9f);
  const float hollow = 0.9f * std::max(out - profile(kBody, up) + 0.06f, 1.2f - up);
  return std::max(solid, -hollow * 0.75f) - 0.012f;
}

float bottle(float out, float up) {
  static constexpr Knot kBody[] = {{0, 0.34f},     {0.05f, 0.37f}, {0.9f, 0.375f}, {1.35f, 0.36f},
                                   {1.62f, 0.22f}, {1.8f, 0.125f}, {2.1f, 0.115f}, {2.45f, 0.115f}};
  const float lip = ring(out, up, 0.10f, 2.36f, 0.045f);
  return std::min(turned(kBody, out, up, 0, 2.45f), lip);
}

float capsule(Vec3 p, Vec3 a, Vec3 b, float radius) {
  const Vec3 along = b - a;
  const float t = clamp01(dot(p - a, along) / dot(along, along));
  return length(p - a - along * t) - radius;
}

float jug_handle(Vec3 p) {  // a flattened half ring on the left
  const Vec3 q{p.x + 0.48f, (p.y - 1.22f) * 0.72f, p.z};
  const float loop = length(Vec2{length(Vec2{q.x, q.y}) - 0.36f, q.z * 0.7f}) - 0.055f;
  return std::max(loop, q.x - 0.12f) * 0.8f;
}

}  // namespace impasto::draw
