// A river bank on a bright day in dots of pure colour; complementary dots make the shadows.
#include "brush.h"
#include "color.h"
#include "pictures.h"

namespace impasto::draw {
namespace {

constexpr int kWidth = 1024, kHeight = 760;

float far_bank(float x) {
  return 300 + 6 * noise(Vec2{x * 0.01f, 2});
}
float near_bank(float x) {
  return 470 + 0.16f * (x - 300) - 34 * noise(Vec2{x * 0.004f, 5});
}

bool in_ellipse(Vec2 p, Vec2 c, float rx, float ry) {
  const float x = (p.x - c.x) / rx, y = (p.y - c.y) / ry;
  return x * x + y * y < 1;
}

Vec3 sky(Vec2 p) {
  const Vec3 blue = mix(rgb(0x5f9fe0), rgb(0xf7e3b5), smoothstep(0, 290, p.y));
  const float cloud = fbm(Vec2{p.x * 0.005f, p.y * 0.011f} + Vec2{4, 1}, 4);
  return mix(blue, mix(rgb(0xfff6e0), rgb(0xe6a9c0), smoothstep(0.5f, 0, cloud)),
             smoothstep(-0.02f, 0.28f, cloud));
}

struct Sail {
  float x, foot, size;
};
constexpr Sail kSails[] = {{560, 392, 120}, {700, 338, 62}, {810, 330, 50}, {402, 345, 70}};

/// Boats, whose sails are triangles on a dark hull; true where there is one.
bool boats(Vec2 p, Vec3& color) {
  for (const Sail& s : kSails) {
    const float up = (s.foot - p.y) / s.size, x = (p.x - s.x) / s.size;
    const bool main = up > 0.08f && up < 1 && x > -0.02f && x < 0.52f * (1 - up);
    const bool jib = up > 0.08f && up < 0.85f && x < -0.04f && x > -0.34f * (0.85f - up) / 0.77f;
    if (main || jib)
      color = main ? rgb(0xfff3d6) : rgb(0xf2a65a);
    else if (up > -0.06f && up <= 0.08f && std::abs(x) < 0.46f - 0.9f * (0.08f - up))
      color = rgb(0x7a2430);
    else
      continue;
    return true;
  }
  return false;
}

Vec3 water(Vec2 p) {
  const float mirrored = 2 * far_bank(p.x) - p.y;
  Vec3 color = mix(sky({p.x, std::max(mirrored, 0.0f)}), rgb(0x3d86c6), 0.55f);
  color = mix(color, rgb(0x2f7f6a),
              0.75f * smoothstep(40, 0, p.y - far_bank(p.x) - 12 * noise(p * 0.02f)));
  for (const Sail& s : kSails) {
    const float drop = (p.y - s.foot) / s.size, sway = 0.05f * std::sin(p.y * 0.45f);
    if (drop > 0 && drop < 0.75f &&
        std::abs((p.x - s.x) / s.size + sway - 0.08f) < 0.26f * (1 - drop))
      color = mix(color, rgb(0xfff0cf), 0.6f);
  }
  const float glint = noise(Vec2{p.x * 0.02f, p.y * 0.16f});
  return mix(color, rgb(0xfdf6dc), smoothstep(0.35f, 0.75f, glint));
}

Vec3 meadow(Vec2 p) {
  const float light = fbm(Vec2{p.x * 0.004f, p.y * 0.013f} + Vec2{2, 7}, 3);
  const Vec3 grass = mix(rgb(0x9fc23a), rgb(0xf0da55), clamp01(0.45f + 1.1f * light));
  const Vec3 shade = mix(rgb(0x1f5f4f), rgb(0x2a3f8c), 0.45f);
  float shadow = smoothstep(0.05f, 0.25f,
                            fbm(Vec2{p.x * 0.006f, p.y * 0.022f} + Vec2{1, 3}, 3) +
                                0.35f * smoothstep(560, 330, p.x) - 0.1f);
  shadow = std::max(shadow, smoothstep(650, 740, p.y) * 0.9f);
  return mix(grass, shade, shadow);
}

struct Figure {
  Vec2 foot;
  float tall;
  uint32_t dress, parasol;
};
constexpr Figure kFigures[] = {{{655, 640}, 190, 0x7b2d8e, 0xe8452c},
                               {{735, 622}, 172, 0x20356f, 0},
                               {{880, 590}, 105, 0xf4efe0, 0xf0b21f},
                               {{500, 560}, 85, 0xc8322b, 0xfdf3dc}};

bool figures(Vec2 p, Vec3& color) {
  for (const Figure& f : kFigures) {
    const float y = (f.foot.y - p.y) / f.tall, x = (p.x - f.foot.x) / f.tall;
    const float skirt = f.parasol ? 0.17f - 0.27f * y : 0.075f;
    const float brim = f.parasol ? 0.065f : 0.05f;
    if (f.parasol && in_ellipse({x, y}, {0.12f, 1.0f}, 0.30f, 0.15f) && y > 0.98f)
      color = rgb(f.parasol) * (x > 0.14f ? 0.72f : 1.05f);
    else if (in_ellipse({x, y}, {0, 0.94f}, brim, f.parasol ? 0.028f : 0.05f))
      color = rgb(0x2b2140);
    else if (in_ellipse({x, y}, {0, 0.87f}, 0.048f, 0.062f))
      color = rgb(0xf0bd94);
    else if (y > 0 && y < 0.5f && std::abs(x) < std::max(skirt, 0.06f))
      color = rgb(f.dress) * (x > 0 ? 0.75f : 1.15f);
    else if (y >= 0.5f && y < 0.82f && std::abs(x) < 0.085f - 0.05f * std::abs(y - 0.7f))
      color = rgb(f.dress) * (x > 0 ? 0.8f : 1.2f);
    else if (std::abs(y - 0.02f + 0.35f * x) < 0.035f && x > 0 && x < 0.7f)
      color = rgb(0x243a78);
    else
      continue;
    return true;
  }
  return false;
}

/// The big tree on the left and the woods over the river; true where there is one.
bool trees(Vec2 p, Vec3& color) {
  const float ragged = 30 * fbm(p * 0.02f, 3);
  const float trunk = 118 + 16 * noise(Vec2{p.y * 0.008f, 1});
  const bool crown = length((p - Vec2{120, 120}) * 1.0f) < 215 + 1.6f * ragged ||
                     in_ellipse(p, {300, 60}, 150 + ragged, 90 + ragged);
  if (crown) {
    const float lit =
        fbm(p * 0.017f + Vec2{3, 3}, 3) + (140 - p.y) * 0.0018f + (p.x - 120) * 0.0012f;
    color = lit > 0.16f ? rgb(0xd9d23c) : lit > -0.05f ? rgb(0x4f9a3c) : rgb(0x1b4f66);
    return true;
  }
  if (std::abs(p.x - trunk) < 26 + 0.0006f * (p.y - 420) * (p.y - 420) && p.y > 200 && p.y < 640) {
    color = p.x > trunk + 6 ? rgb(0xc9803f) : rgb(0x4a2a5e);
    return true;
  }
  const float woods = far_bank(p.x) - 38 - 26 * fbm(Vec2{p.x * 0.012f, 4}, 3) - 0.03f * p.x;
  if (p.y > woods && p.y < far_bank(p.x)) {
    const float lit = noise(p * 0.035f) - (p.y - woods - 20) * 0.02f;
    color = lit > 0 ? rgb(0x86b04c) : rgb(0x2c5f7a);
    if (p.y > far_bank(p.x) - 6) color = rgb(0xf0d27a);
    return true;
  }
  return false;
}

Vec3 scene(Vec2 p) {
  Vec3 color;
  if (figures(p, color) || trees(p, color)) return color;
  if (p.y > near_bank(p.x)) return meadow(p);
  if (boats(p, color)) return color;
  return p.y > far_bank(p.x) ? water(p) : sky(p);
}

constexpr uint32_t kTubes[] = {0xffffff, 0xfff2a8, 0xffd92e, 0xff9a1f, 0xf0522a, 0xd3233f,
                               0xe87fa8, 0x8a3a9c, 0x4a2f96, 0x2440a8, 0x2f78d6, 0x7fb8ea,
                               0x1f8f86, 0x1f8a4a, 0x7fc03f, 0xc8dd4f, 0x17204f};

/// The tube whose colour is near `wanted`; the scatter makes neighbours differ but average to it.
Vec3 squeeze(Vec3 wanted, Random& random) {
  wanted = wanted + Vec3{random.normal(), random.normal(), random.normal()} * 0.15f;
  Vec3 best;
  float best_distance = 1e9f;
  for (const uint32_t tube : kTubes) {
    const Vec3 d = rgb(tube) - wanted;
    if (dot(d, d) < best_distance) best_distance = dot(d, d), best = rgb(tube);
  }
  return best;
}

}  // namespace

Image pointillist() {
  Canvas canvas(kWidth, kHeight, 2);
  canvas.shade([](Vec2 p, Vec3) { return mix(scene(p), rgb(0xf3e6cc), 0.35f); });
  Brush brush(canvas);
  Random random(23);
  for (const float size : {13.0f, 10.5f, 9.5f, 8.5f}) {
    const float spacing = size * 0.93f;
    std::vector<Vec2> places;  // a jittered grid, so that dots crowd but seldom cover each other
    for (float y = 0; y < kHeight + size; y += spacing)
      for (float x = 0; x < kWidth + size; x += spacing)
        places.push_back(Vec2{x, y} + Vec2{random.uniform(), random.uniform()} * spacing);
    for (size_t i = places.size() - 1; i > 0; --i)
      std::swap(places[i], places[random.below(static_cast<int>(i) + 1)]);
    for (const Vec2 at : places) {
      const Vec3 wanted = scene(at);
      Stroke dot;
      const float angle = 2 * kPi * noise(at * 0.006f) + random.uniform(-0.5f, 0.5f);
      dot.path = {at, at + direction(angle) * random.uniform(0.3f, 2.2f)};
      dot.color = mix(squeeze(wanted, random), wanted, 0.25f);
      dot.width = size * random.uniform(0.78f, 1.08f);
      dot.taper = 0;
      dot.bristles = 0.06f;
      dot.seed = static_cast<int>(random.next() & 0xffffff);
      brush.paint(dot);
    }
  }
  canvas.light(0.16f, 0.04f);
  return canvas.shrink();
}

}  // namespace impasto::draw
