// Brush and ink: swells with curling crests under a red sun, indigo lines and washes on warm paper.
#include "brush.h"
#include "color.h"
#include "pictures.h"

namespace impasto::draw {
namespace {

constexpr int kWidth = 1024, kHeight = 768;
const Vec3 kPaper = rgb(0xefe0c2), kIndigo = rgb(0x16264f), kPale = rgb(0x7d93a8);
const Vec3 kRed = rgb(0xc2321f);
constexpr Vec2 kSun{720, 165};

Vec3 paper(Vec2 p) {
  const float fibre = noise(Vec2{p.x * 0.5f + 3 * noise(p * 0.05f), p.y * 0.04f}) +
                      noise(Vec2{p.x * 0.03f, p.y * 0.6f});
  return kPaper * (1 + 0.035f * fibre + 0.05f * fbm(p * 0.006f, 3) + 0.02f * noise(p * 0.9f));
}

struct Swell {
  float level, height, length, phase, spacing;
};
constexpr Swell kSwells[] = {{340, 16, 120, 0.3f, 8},   {385, 26, 170, 0.9f, 9},
                             {440, 48, 250, 0.15f, 10}, {515, 74, 350, 0.62f, 11.5f},
                             {610, 96, 470, 0.1f, 14},  {705, 88, 560, 0.55f, 16}};

/// The water line: rounded troughs, crests sharpened and leaning to the left.
float surface(const Swell& s, float x) {
  const float wander = 0.35f * noise(Vec2{x / s.length * 0.7f, s.level});
  const float t = fract(x / s.length + s.phase + wander);
  const float lean = t < 0.34f ? t / 0.34f * 0.5f : 0.5f + (t - 0.34f) / 0.66f * 0.5f;
  const float crest = std::pow(1 - std::abs(std::sin(kPi * (lean - 0.5f))), 0.85f);
  return s.level - s.height * crest * (0.8f + 0.35f * noise(Vec2{x / s.length, s.level + 5}));
}

Stroke line(Random& random, float width, Vec3 color) {
  Stroke stroke;
  stroke.color = color;
  stroke.width = width;
  stroke.taper = 0.42f;
  stroke.opacity = 0.94f;
  stroke.dryness = random.uniform(0.05f, 0.5f);
  stroke.seed = static_cast<int>(random.next() & 0xffffff);
  return stroke;
}

void draw_sky(Brush& brush, Random& random) {
  for (float y = -6; y < 345; y += 7.5f)  // hatching that leaves the clouds open
    for (float x = -80; x < kWidth;) {
      const float span = random.uniform(60, 190);
      const Vec2 middle{x + span / 2, y};
      const float cloud = fbm(Vec2{middle.x * 0.0045f, middle.y * 0.014f} + Vec2{1, 6}, 3);
      if (cloud < 0.12f && length(middle - kSun) > 112) {
        Stroke stroke = line(random, mix(2.2f, 5.4f, clamp01(0.3f - 1.6f * cloud)),
                             mix(kIndigo, kPale, clamp01(0.55f + 1.2f * cloud + y / 700)));
        for (float u = 0; u <= span; u += 8)
          stroke.path.push_back({x + u, y + 5 * noise(Vec2{(x + u) * 0.008f, y * 0.02f})});
        brush.paint(stroke);
      }
      x += span * random.uniform(0.75f, 1.0f);
    }
  for (float y = -92; y < 92; y += 7) {  // the sun, in level pulls of a broad brush
    const float half = std::sqrt(92 * 92 - y * y);
    Stroke stroke = line(random, 12, kRed * random.uniform(0.92f, 1.08f));
    stroke.taper = 0.03f;
    stroke.dryness = 0.32f;
    stroke.path = {kSun + Vec2{-half, y}, kSun + Vec2{0, y + 1}, kSun + Vec2{half, y}};
    brush.paint(stroke);
  }
}

void draw_mountain(Canvas& canvas, Brush& brush, Random& random) {
  const auto ridge = [](float x) {
    const float d = std::abs(x - 265) / 235;
    return 325 - 205 * std::pow(std::max(1 - d, 0.0f), 1.35f) + 10 * noise(Vec2{x * 0.03f, 2});
  };
  canvas.shade([&](Vec2 p, Vec3 c) {
    if (p.y < ridge(p.x) || p.y > 330) return c;
    return mix(paper(p), kIndigo, 0.42f * smoothstep(230, 330, p.y + 12 * noise(p * 0.03f)));
  });
  for (float x = 20; x < 520; x += 7) {
    const float side = x < 265 ? -1.0f : 1.0f;
    const float top = ridge(x) + (std::abs(x - 265) < 70 ? random.uniform(0, 55) : 2);
    Stroke stroke = line(random, side > 0 ? 6.5f : 3.5f, mix(kIndigo, kPale, side > 0 ? 0 : 0.4f));
    const float fall = random.uniform(35, 110) * (side > 0 ? 1.2f : 0.8f);
    for (float u = 0; u <= 1; u += 0.1f)
      stroke.path.push_back({x + side * 46 * u * u, std::min(top + fall * u, 332.0f)});
    brush.paint(stroke);
  }
  Stroke outline = line(random, 6, kIndigo);
  outline.taper = 0.1f;
  for (float x = 20; x < 515; x += 6) outline.path.push_back({x, ridge(x)});
  brush.paint(outline);
}

/// A curl of foam: a spiral that opens away from `at`.
void draw_curl(Brush& brush, Random& random, Vec2 at, float size, float sense) {
  Stroke stroke = line(random, std::clamp(size * 0.34f, 3.2f, 9.0f), kIndigo);
  const float turns = random.uniform(1.1f, 1.5f), start = random.uniform(-0.6f, 0.6f);
  for (float u = 0; u <= 1; u += 0.04f) {
    const float r = size * (0.12f + 0.88f * u);
    stroke.path.push_back(at + direction(start + sense * turns * 2 * kPi * u) * r);
  }
  stroke.dryness = 0.1f;
  brush.paint(stroke);
}

void draw_swell(Canvas& canvas, Brush& brush, Random& random, const Swell& s) {
  const float foam = 0.32f * s.height;
  canvas.shade([&](Vec2 p, Vec3 c) {
    const float depth = p.y - surface(s, p.x);
    if (depth < 0) return c;
    const float wash = smoothstep(foam, foam + 1.3f * s.height, depth + 14 * fbm(p * 0.02f, 3));
    return mix(paper(p), mix(kPale, kIndigo, 0.35f + 0.3f * fbm(p * 0.012f, 3)), 0.72f * wash);
  });
  for (float depth = 0; depth < s.height * 1.25f + 70; depth += s.spacing)
    for (float x = -60; x < kWidth;) {
      const float span = depth == 0 ? 400 : random.uniform(50, 60 + s.length * 0.5f);
      const float heavy = depth == 0 ? 0.75f : random.uniform(0.26f, 0.78f);
      Stroke stroke = line(random, s.spacing * heavy, mix(kIndigo, kPale, 0.3f * random.uniform()));
      const float flat = std::exp(-depth / (1.6f * s.height));  // lines level out with depth
      for (float u = 0; u <= span; u += 5) {
        const float top = surface(s, x + u);
        stroke.path.push_back(
            {x + u, mix(s.level, top, flat) + depth + 2 * noise(Vec2{(x + u) * 0.03f, depth})});
      }
      brush.paint(stroke);
      x += span + (depth == 0 ? -20 : random.uniform(2, 16));
    }
  for (float x = -20; x < kWidth + 20; x += s.height * 0.19f + 4) {
    const float y = surface(s, x);
    if (s.level - y < 0.38f * s.height) continue;  // only the crests break
    const float size = s.height * random.uniform(0.13f, 0.26f) + 2.5f;
    const Vec2 at{x + random.uniform(-3, 3), y + random.uniform(-0.1f, 0.25f) * s.height};
    Stroke white = line(random, 2 * size, kPaper * 1.03f);
    white.taper = 0;
    white.dryness = 0;
    white.path = {at, at + Vec2{1, 0}};
    brush.paint(white);
    draw_curl(brush, random, at, size, random.uniform() < 0.8f ? -1.0f : 1.0f);
    for (int i = 0; i < 3; ++i) {  // spray
      Stroke drop = line(random, random.uniform(3, 7), i ? kIndigo : kPale);
      drop.path = {at + Vec2{random.normal() * size * 1.6f,
                             -size - std::abs(random.normal()) * size * 1.3f}};
      drop.path.push_back(drop.path[0] + Vec2{2, 1});
      drop.taper = 0;
      brush.paint(drop);
    }
  }
}

}  // namespace

Image ink() {
  Canvas canvas(kWidth, kHeight, 2);
  canvas.shade([](Vec2 p, Vec3) {
    const float wash = smoothstep(150, 0, p.y + 40 * fbm(p * 0.006f, 3));
    return mix(paper(p), kPale, 0.55f * wash);
  });
  Brush brush(canvas);
  Random random(5);
  draw_sky(brush, random);
  draw_mountain(canvas, brush, random);
  for (const Swell& swell : kSwells) draw_swell(canvas, brush, random, swell);
  return canvas.shrink();
}

}  // namespace impasto::draw
