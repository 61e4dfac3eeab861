// A table with instruments, taken apart: translucent facets with hard edges, ochres, reds and
// greys.
#include "brush.h"
#include "color.h"
#include "pictures.h"

namespace impasto::draw {
namespace {

constexpr int kWidth = 820, kHeight = 1000;
const Vec3 kBlack = rgb(0x191512);
constexpr uint32_t kPalette[] = {0xc98f3d, 0xe2b873, 0x8a5a2b, 0xb23a24, 0x7c2418,
                                 0x8f9296, 0xc9c5b8, 0x55595f, 0xefe4c8, 0x3c4a5c,
                                 0xd9a03a, 0xa8763e, 0x6c7f8c, 0xdcc9a0};
constexpr float kAngles[] = {-1.15f, -0.52f, 0.05f, 0.48f, 1.02f, 1.55f};

struct Facet {
  std::vector<Vec2> corners;
  size_t bulge = 0;  // how many corners after the first two make a rounded side
  float angle = 0;
  Vec3 color;
  float opacity = 1;
  int seed = 0;
};

float pick_angle(Random& random) {
  return kAngles[random.below(6)] + 0.07f * random.normal();
}

Facet make_facet(Random& random, Vec2 at, float size) {
  Facet facet;
  facet.angle = pick_angle(random);
  facet.color = rgb(kPalette[random.below(14)]) * random.uniform(0.85f, 1.1f);
  facet.opacity = random.uniform(0.72f, 0.98f);
  facet.seed = static_cast<int>(random.next() & 0xffff);
  const Vec2 along = direction(facet.angle), across = perpendicular(along);
  const float half = size * random.uniform(0.3f, 0.62f);
  const auto corner = [&](float u, float v) {
    facet.corners.push_back(at + along * (u * size) + across * (v * half));
  };
  const float lean = random.uniform(-0.5f, 0.5f), narrow = random.uniform(0.25f, 1);
  corner(-1, -1);
  if (random.uniform() < 0.28f)  // one side bulges, like the rim of a bottle or of a guitar
    for (int i = -8; i <= 8; ++i, ++facet.bulge) {
      const float t = static_cast<float>(i) / 8;
      corner(0.6f + 0.6f * std::cos(t * kPi / 2), t);
    }
  else
    corner(1, -narrow), corner(1 + lean, narrow);
  corner(-1 + lean * 0.6f, 1);
  return facet;
}

/// Short flat touches laid side by side across the facet, -1..1.
float dabs(float u, float v, int seed) {
  const int row = static_cast<int>(std::floor(v / 11));
  const float shifted = u + 40 * hash01(row, seed) + 3 * noise(Vec2{u * 0.05f, v * 0.05f});
  const int column = static_cast<int>(std::floor(shifted / 26));
  const float tone = 2 * hash01(row, column, seed) - 1;
  return 0.75f * tone + 0.45f * noise(Vec2{u * 0.03f, v * 0.5f});
}

/// Opaque and modelled at the one end, dissolving at the other; dabbed with a flat brush.
void fill(Canvas& canvas, const Facet& facet, float size, Vec2 at) {
  const Vec2 along = direction(facet.angle), across = perpendicular(along);
  const bool flip = facet.seed & 1;
  fill_polygon(canvas, facet.corners, [&](Vec2 p, float edge, Vec3 under) {
    const float u = dot(p - at, along) / size, v = dot(p - at, across) / size;
    const float fade = smoothstep(-1.1f, 0.9f, flip ? -u : u);
    const float touch = dabs(u * size, v * size, facet.seed);
    const float model = 1.32f - 0.78f * fade + 0.16f * touch;
    const float rim = 0.22f * smoothstep(12, 0, edge) * (flip ? 1.0f : -1.0f);
    const float alpha = facet.opacity * (1 - fade * fade) * (1 + 0.3f * touch * fade);
    return mix(under, facet.color * (model + rim), clamp01(alpha));
  });
}

Stroke contour(Random& random, std::vector<Vec2> path, float width) {
  Stroke stroke;
  stroke.path = std::move(path);
  stroke.color = kBlack;
  stroke.width = width;
  stroke.taper = 0.12f;
  stroke.opacity = 0.93f;
  stroke.dryness = random.uniform(0, 0.35f);
  stroke.seed = static_cast<int>(random.next() & 0xffff);
  return stroke;
}

void outline(Brush& brush, Random& random, const Facet& facet, float chance) {
  for (size_t i = 0; i < facet.corners.size(); ++i) {
    if (random.uniform() > chance) continue;
    const Vec2 a = facet.corners[i], b = facet.corners[(i + 1) % facet.corners.size()];
    const float width = random.uniform(3.4f, 7.5f);
    if (i == 1 && facet.bulge > 0) {
      const auto first = facet.corners.begin() + 1;
      brush.paint(contour(random, {first, first + static_cast<long>(facet.bulge)}, width));
    }
    if (i > 0 && i < facet.bulge) continue;
    const Vec2 past = (b - a) * (facet.bulge > 0 ? 0 : random.uniform(0, 0.16f));
    brush.paint(contour(random, {a - past, (a + b) * 0.5f, b + past}, width));
  }
}

std::vector<Vec2> arc(Vec2 center, float radius, float from, float to) {
  std::vector<Vec2> path;
  for (int i = 0; i <= 40; ++i)
    path.push_back(center + direction(mix(from, to, static_cast<float>(i) / 40)) * radius);
  return path;
}

/// Pieces of instruments: strings, sound holes, necks with pegs, scrolls, half a body.
void motif(Brush& brush, Random& random, Vec2 at, float size, int kind) {
  const float angle = pick_angle(random);
  const Vec2 along = direction(angle), across = perpendicular(along);
  if (kind == 0) {
    for (int i = -2; i <= 2; ++i) {
      const Vec2 side = across * (static_cast<float>(i) * size * 0.13f);
      brush.paint(
          contour(random, {at + side - along * size, at + side, at + side + along * size}, 4.2f));
    }
  } else if (kind == 1) {
    brush.paint(contour(random, arc(at, size * 0.34f, angle, angle + 5.2f), 7));
    brush.paint(contour(random, arc(at, size * 0.20f, angle + 1, angle + 4.5f), 4));
  } else if (kind == 2) {  // an f-shaped hole
    std::vector<Vec2> path;
    for (float t = -1; t <= 1.01f; t += 0.05f)
      path.push_back(at + along * (t * size * 0.6f) + across * (std::sin(t * kPi) * size * 0.16f));
    brush.paint(contour(random, path, 8));
    for (const Vec2 end : {path.front(), path.back()})
      brush.paint(contour(random, arc(end, size * 0.07f, 0, 6.2f), 6));
  } else if (kind == 3) {  // a waisted side
    std::vector<Vec2> path;
    for (float t = -1; t <= 1.01f; t += 0.04f)
      path.push_back(at + along * (t * size) +
                     across * (size * (0.42f - 0.16f * std::cos(t * 2 * kPi) - 0.25f * t * t)));
    brush.paint(contour(random, path, 9));
  } else {
    for (int i = 0; i < 5; ++i) {
      const Vec2 peg = at + along * (static_cast<float>(i) * size * 0.2f);
      brush.paint(contour(random, {peg, peg + across * (size * (i % 2 ? 0.24f : -0.24f))}, 7));
    }
  }
}

}  // namespace

Image cubist() {
  Canvas canvas(kWidth, kHeight, 2);
  canvas.shade([](Vec2 p, Vec3) {
    return mix(rgb(0x6b5a44), rgb(0xb8a582), clamp01(0.5f + fbm(p * 0.006f, 4)));
  });
  Brush brush(canvas);
  Random random(31);
  const Vec2 middle{kWidth * 0.5f, kHeight * 0.52f};
  for (int i = 0; i < 300; ++i) {
    const float age =
        static_cast<float>(i) / 300;  // first large and everywhere, then small, central
    const float spread = mix(0.62f, 0.27f, age);
    Vec2 at = middle + Vec2{random.normal() * kWidth * spread, random.normal() * kHeight * spread};
    if (at.x < -60 || at.y < -60 || at.x > kWidth + 60 || at.y > kHeight + 60)
      at = {random.uniform(0, kWidth), random.uniform(0, kHeight)};
    const float size = mix(190.0f, 72.0f, std::sqrt(age)) * random.uniform(0.7f, 1.3f);
    Facet facet = make_facet(random, at, size);
    const float light = 1.28f - 1.0f * length(at - middle) / kHeight;  // brightest in the middle
    facet.color = facet.color * light;
    fill(canvas, facet, size, at);
    outline(brush, random, facet, age < 0.2f ? 0.25f : 0.42f);
    if (i % 10 == 9) motif(brush, random, at, size * 1.1f, (i / 10) % 5);
  }
  return canvas.shrink();
}

}  // namespace impasto::draw
