// Night sky over a bay: thick, relief-lit strokes along a field of vortices.
#include "brush.h"
#include "color.h"
#include "pictures.h"

namespace impasto::draw {
namespace {

constexpr int kWidth = 1024, kHeight = 820;

struct Vortex {
  Vec2 center;
  float radius, turn;  // turn: the sense and the strength of the rotation
};
constexpr Vortex kVortices[] = {{{330, 300}, 170, 1.0f},
                                {{610, 215}, 120, -1.0f},
                                {{500, 455}, 90, 0.9f},
                                {{870, 420}, 105, 1.0f},
                                {{120, 520}, 85, -0.9f}};

struct Disc {
  Vec2 center;
  float radius;
};
constexpr Disc kDiscs[] = {{{815, 160}, 62}, {{115, 130}, 34}, {{480, 75}, 26},  {{690, 395}, 24},
                           {{225, 505}, 20}, {{960, 270}, 22}, {{600, 520}, 17}, {{290, 95}, 18},
                           {{400, 545}, 15}, {{55, 330}, 20},  {{955, 520}, 16}, {{640, 60}, 15}};

float shore(float x) {
  return 640 + 26 * noise(Vec2{x * 0.004f, 3}) + 8 * noise(Vec2{x * 0.02f, 8});
}
float ridge(float x) {
  return shore(x) - 42 - 42 * noise(Vec2{x * 0.007f, 1});
}
float bank(float x) {
  return 745 - 55 * noise(Vec2{x * 0.0035f + 4, 9}) + 0.03f * x;
}

Vec2 flow(Vec2 p) {
  Vec2 field = curl(p * 0.0035f, 2) * 0.55f + Vec2{0.55f, 0.12f};
  for (const Vortex& vortex : kVortices) {
    const Vec2 to = p - vortex.center;
    const float r = length(to) / vortex.radius;
    const Vec2 spin = perpendicular(normalize(to)) - normalize(to) * 0.22f;
    field += spin * (vortex.turn * 3.2f * std::exp(-r * r * 1.1f));
  }
  for (const Disc& disc : kDiscs) {
    const Vec2 to = p - disc.center;
    const float r = length(to) / (2.1f * disc.radius);
    field += perpendicular(normalize(to)) * (5 * std::exp(-r * r));
  }
  if (p.y > ridge(p.x)) field = Vec2{1, 0.5f * noise(p * 0.02f)};
  if (p.y > shore(p.x)) field = Vec2{1, 0.10f * std::sin(p.x * 0.02f + p.y * 0.05f)};
  if (p.y > bank(p.x)) field = Vec2{1, -0.5f + 0.9f * noise(p * 0.008f)};
  return field;
}

Vec3 night(float tone) {
  static const Vec3 ramp[] = {rgb(0x0a1238), rgb(0x14246b), rgb(0x1f479f),
                              rgb(0x3f7cc0), rgb(0x86b7cf), rgb(0xdfe3c4)};
  const float t = clamp01(tone) * 4.999f;
  const int i = static_cast<int>(t);
  return mix(ramp[i], ramp[i + 1], t - static_cast<float>(i));
}

Vec3 sky(Vec2 p) {
  float tone = 0.36f + 0.42f * fbm(p * 0.006f, 3) + 0.10f * p.y / kHeight;
  for (const Vortex& vortex : kVortices) {
    const Vec2 to = p - vortex.center;
    const float r = length(to) / vortex.radius;
    const float arm = std::sin(2 * std::atan2(to.y, to.x) * vortex.turn + 9 * r);
    tone += 0.36f * arm * std::exp(-r * r * 1.3f) + 0.22f * std::exp(-r * r * 5);
  }
  Vec3 color = night(tone);
  for (const Disc& disc : kDiscs) {
    const float r = length(p - disc.center) / disc.radius;
    const Vec3 gold = mix(rgb(0xfff3b0), rgb(0xf0b323), smoothstep(0.3f, 1, r));
    const float ring = 0.5f + 0.5f * std::cos(r * 6.5f);
    const float glow = r < 0.95f ? 1.0f : (0.25f + 0.75f * ring) * std::exp(-(r - 0.9f) * 1.1f);
    color = mix(color, mix(gold, rgb(0xd9d27a), smoothstep(1, 2.2f, r)), clamp01(glow));
  }
  return color;
}

Vec3 water(Vec2 p) {
  const float depth = (p.y - shore(p.x)) / 140;
  Vec3 color = mix(rgb(0x2a5aa8), rgb(0x10205c), clamp01(depth + 0.5f * noise(p * 0.03f)));
  for (const Disc& disc : kDiscs) {  // broken columns of light
    const float x = (p.x - disc.center.x) / (disc.radius * (0.45f + 0.5f * depth));
    const float broken = noise(Vec2{p.x * 0.01f + disc.radius, p.y * 0.11f});
    color = mix(color, rgb(0xf3c84b), clamp01(1.5f * broken + 0.55f) * std::exp(-x * x) * 0.9f);
  }
  return color;
}

Vec3 scene(Vec2 p) {
  if (p.y > bank(p.x)) {
    const float light = noise(p * 0.015f) + 0.7f * noise(p * 0.05f);
    return mix(rgb(0x0c1a2e), light > 0.35f ? rgb(0x4f7a3a) : rgb(0x1d4a4a), clamp01(0.5f + light));
  }
  if (p.y > shore(p.x)) return water(p);
  if (p.y > ridge(p.x))  // the far side of the bay
    return mix(rgb(0x10193f), rgb(0x3a3f8c), clamp01(0.5f + 0.9f * noise(p * 0.03f)));
  return sky(p);
}

struct Layer {
  float width, length, spacing, jitter;
};
constexpr Layer kLayers[] = {{26, 100, 11, 0.05f}, {17, 74, 8.5f, 0.07f}, {12, 50, 10.5f, 0.10f}};

}  // namespace

Image swirls() {
  Canvas canvas(kWidth, kHeight, 2);
  canvas.shade([](Vec2, Vec3) { return rgb(0x14224f); });
  Brush brush(canvas);
  Random random(7);
  for (const Layer& layer : kLayers) {
    const int count = static_cast<int>(kWidth * kHeight / (layer.spacing * layer.spacing));
    for (int i = 0; i < count; ++i) {
      const Vec2 at{random.uniform(-20, kWidth + 20), random.uniform(-20, kHeight + 20)};
      Stroke stroke;
      stroke.path = follow(flow, at, layer.length * random.uniform(0.6f, 1.25f));
      stroke.width = layer.width * random.uniform(0.75f, 1.2f);
      const float tint = layer.jitter * random.normal();
      const Vec3 hue{layer.jitter * random.normal(), layer.jitter * random.normal() * 0.8f,
                     layer.jitter * random.normal()};
      const Vec3 color = scene(at);
      stroke.color = saturate(color * (1 + 2 * tint) + hue * 0.5f, 1.15f);
      stroke.second = mix(stroke.color, night(random.uniform(0.2f, 1)), 0.5f);
      stroke.blend = luma(color) > 0.6f ? 0.15f : 0.45f;
      stroke.bristles = 0.30f;
      stroke.dryness = random.uniform(0, 0.3f);
      stroke.taper = 0.18f;
      stroke.seed = static_cast<int>(random.next() & 0xffffff);
      brush.paint(stroke);
    }
  }
  for (int i = 0; i < 60; ++i) {  // lamps along the far shore
    const float x = kWidth * random.uniform();
    Stroke lamp;
    lamp.path = {{x - 4, shore(x) - random.uniform(5, 26)}};
    lamp.path.push_back(lamp.path[0] + Vec2{random.uniform(5, 11), random.uniform(-3, 3)});
    lamp.color = mix(rgb(0xffb52e), rgb(0xfff0a8), random.uniform());
    lamp.width = random.uniform(7, 11);
    lamp.thickness = 1.6f;
    lamp.seed = i;
    brush.paint(lamp);
  }
  canvas.light(0.95f, 0.3f);
  return canvas.shrink();
}

}  // namespace impasto::draw
