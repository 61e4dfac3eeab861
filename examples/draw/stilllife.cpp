// Fruit in a bowl, a glazed jug and a bottle on a cloth, lit by one window from the left.
#include "pictures.h"
#include "render.h"
#include "solids.h"

namespace impasto::draw {
namespace {

enum Thing { kNothing, kWall, kCloth, kBowl, kJug, kBottle, kApple, kPear, kLemon, kGrape, kStalk };

struct Fruit {
  Thing thing;
  Vec3 center;
  float size;
  Vec3 axis;  // from the flower to the stalk
  int seed;
};

const Fruit kFruits[] = {
    {kApple, {-0.34f, 0.78f, 0.02f}, 0.40f, {-0.25f, 0.9f, -0.2f}, 1},
    {kApple, {0.40f, 0.76f, 0.20f}, 0.38f, {0.5f, 0.8f, -0.3f}, 2},
    {kPear, {0.10f, 0.98f, 0.36f}, 0.40f, {-0.25f, 1, 0.1f}, 3},
    {kLemon, {0.10f, 0.76f, -0.36f}, 0.30f, {0.9f, 0.25f, -0.3f}, 4},
    {kApple, {1.42f, 0.37f, -0.62f}, 0.40f, {0.35f, 0.85f, -0.5f}, 5},
    {kPear, {-1.55f, 0.37f, -0.50f}, 0.39f, {-0.75f, 0.45f, -0.55f}, 6},
    {kLemon, {-0.62f, 0.27f, -1.12f}, 0.29f, {0.8f, 0.1f, 0.5f}, 7},
    {kLemon, {2.12f, 0.28f, -0.30f}, 0.30f, {0.5f, 0.15f, -0.8f}, 8},
};

constexpr Vec3 kJugFoot{-1.22f, 0, 0.75f}, kBottleFoot{1.28f, 0, 0.85f};
const Vec3 kWindow = Vec3{-4.6f, 4.6f, -2.6f};

struct Nearest {
  float distance = 1e9f;
  Thing thing = kNothing;
  int index = 0;

  void add(float d, Thing t, int i = 0) {
    if (d < distance) distance = d, thing = t, index = i;
  }
};

float cloth_height(float x, float z) {
  const float across = 0.8f * x + 0.6f * z, along = -0.6f * x + 0.8f * z;
  const float bend =
      across + 0.35f * noise(Vec2{along * 0.6f, 4}) + 0.12f * noise(Vec2{x, z} * 1.7f);
  const float fold = std::pow(0.5f + 0.5f * std::sin(bend * 3.1f), 2.5f) * 0.27f;
  const float fine = 0.035f * fbm(Vec2{bend * 1.8f, along * 0.7f}, 3);
  const float pressed = smoothstep(0.9f, 1.9f, length(Vec2{x, z * 1.25f}));
  return (fold + fine) * (0.12f + 0.88f * pressed) * smoothstep(1.6f, 0.2f, z);
}

float fruit_distance(const Fruit& f, Vec3 p) {
  const Vec3 q = p - f.center, axis = normalize(f.axis);
  const float bound = length(q) - 1.75f * f.size;
  if (bound > 0.35f) return bound;
  const float up = dot(q, axis) / f.size;
  const Vec3 side = (q - axis * (up * f.size)) * (1 / f.size);
  const float out = length(side);
  const float lump = 0.02f * noise(q * (2.2f / f.size) + Vec3{static_cast<float>(f.seed), 0, 0});
  if (f.thing == kApple) return (apple(out, up) + lump) * f.size * 0.8f;
  if (f.thing == kPear) return (pear(out, up) + lump) * f.size * 0.8f;
  return (lemon(out, up) + lump * 0.6f) * f.size * 0.8f;
}

/// The stalks of apples and pears, bent a little.
float stalk_distance(const Fruit& f, Vec3 p) {
  const Vec3 axis = normalize(f.axis);
  const Vec3 root = f.center + axis * (f.size * (f.thing == kApple ? 0.62f : 1.42f));
  const Vec3 tip = root + normalize(axis + Vec3{0.35f, 0.1f, 0.2f}) * (0.55f * f.size);
  return capsule(p, root, tip, 0.022f);
}

float grapes(Vec3 p) {
  const Vec3 heap{0.62f, 0.1f, -1.02f};
  const float bound = length(p - heap) - 0.85f;
  if (bound > 0.3f) return bound;
  float d = 1e9f;
  for (int i = 0; i < 30; ++i) {
    const float along = hash01(i, 1) * 1.25f - 0.55f, wide = 0.34f * (1 - 0.5f * std::abs(along));
    const float layer = static_cast<float>(i % 3);
    const Vec3 at = heap + Vec3{along, 0.04f + 0.125f * layer,
                                (hash01(i, 2) - 0.5f) * 2 * wide * (1 - 0.28f * layer)};
    d = std::min(d, length(p - at) - (0.125f + 0.02f * hash01(i, 3)));
  }
  return d;
}

Nearest nearest(Vec3 p) {
  Nearest n;
  n.add(2.6f - p.z, kWall);
  const float lift = p.y - 0.25f;
  n.add(lift > 0.2f ? lift : (p.y - cloth_height(p.x, p.z)) * 0.7f, kCloth);
  const Vec3 b = p - Vec3{0.05f, 0, 0.05f};
  n.add(bowl(std::sqrt(b.x * b.x + b.z * b.z), b.y), kBowl);
  const Vec3 j = p - kJugFoot;
  if (const float bound = length(j - Vec3{0, 1, 0}) - 1.35f; bound > 0.3f)
    n.add(bound, kJug);
  else
    n.add(std::min(jug(std::sqrt(j.x * j.x + j.z * j.z), j.y), jug_handle(j)), kJug);
  const Vec3 w = p - kBottleFoot;
  n.add(bottle(std::sqrt(w.x * w.x + w.z * w.z), w.y), kBottle);
  for (int i = 0; i < 8; ++i) {
    n.add(fruit_distance(kFruits[i], p), kFruits[i].thing, i);
    if (kFruits[i].thing != kLemon && length(p - kFruits[i].center) < 1.0f)
      n.add(stalk_distance(kFruits[i], p), kStalk, i);
  }
  n.add(grapes(p), kGrape);
  return n;
}

float march(const Ray& ray, float limit, Nearest& hit) {
  float t = 0.02f;
  for (int i = 0; i < 160 && t < limit; ++i) {
    const Vec3 p = ray.at(t);
    if (ray.to.y > 0 && ray.to.z < 0 && (p.y > 2.6f || p.z < -3))
      break;  // on its way to the window
    hit = nearest(p);
    if (hit.distance < 0.0006f * (1 + t)) return t;
    t += hit.distance * 0.92f;
  }
  return 1e9f;
}

Vec3 normal_at(Vec3 p) {
  constexpr float e = 0.0015f;
  const Vec3 a{1, -1, -1}, b{-1, -1, 1}, c{-1, 1, -1}, d{1, 1, 1};
  return normalize(a * nearest(p + a * e).distance + b * nearest(p + b * e).distance +
                   c * nearest(p + c * e).distance + d * nearest(p + d * e).distance);
}

struct Surface {
  Vec3 albedo;
  float gloss = 0.3f, mirror = 0.04f;  // sharpness of highlights; reflectance head on
};

Surface apple_skin(const Fruit& f, Vec3 p) {
  const Vec3 q = p - f.center, axis = normalize(f.axis);
  const float up = dot(q, axis) / f.size;
  const Vec3 side = cross(axis, Vec3{0.3f, 0.2f, 1}), other = cross(axis, side);
  const float turn = std::atan2(dot(q, side), dot(q, other));
  const float streak =
      noise(Vec3{std::cos(turn) * 9, std::sin(turn) * 9, up * 0.9f + static_cast<float>(f.seed)});
  const float blush = fbm(q * 2.2f + Vec3{static_cast<float>(f.seed) * 3, 0, 0}, 3) +
                      0.3f * streak + (f.seed == 5 ? -0.1f : 0.35f);
  Vec3 color =
      mix(Vec3{0.52f, 0.50f, 0.08f}, Vec3{0.42f, 0.03f, 0.025f}, smoothstep(-0.25f, 0.3f, blush));
  color = mix(color, Vec3{0.40f, 0.36f, 0.10f}, smoothstep(0.5f, 0.75f, up) * 0.7f);
  const float dots = noise(q * 26.0f);
  return {mix(color, Vec3{0.7f, 0.55f, 0.3f}, smoothstep(0.55f, 0.75f, dots) * 0.5f), 0.75f,
          0.045f};
}

Surface material(const Nearest& hit, Vec3 p) {
  const float grain = fbm(p * 9.0f, 3);
  switch (hit.thing) {
    case kWall:
      return {Vec3{0.105f, 0.085f, 0.062f} * (1 + 0.35f * fbm(p * 1.1f, 4) + 0.12f * grain), 0, 0};
    case kCloth: {
      const float weave = 1 + 0.05f * std::sin(p.x * 150) * std::sin(p.z * 150);
      const float stripe = std::abs(p.z + 1.62f + 0.04f * p.x);
      const bool band = stripe < 0.055f || std::abs(stripe - 0.13f) < 0.02f;
      return {(band ? Vec3{0.12f, 0.17f, 0.34f} : Vec3{0.66f, 0.62f, 0.54f}) * weave, 0, 0};
    }
    case kBowl: {
      const Vec2 q{p.x - 0.05f, p.z - 0.05f};
      const float turn = std::atan2(q.y, q.x) * 9, wave = p.y - 0.36f - 0.045f * std::sin(turn);
      const bool line = std::abs(wave) < 0.022f || std::abs(p.y - 0.54f) < 0.014f ||
                        std::abs(p.y - 0.2f) < 0.018f;
      return {line ? Vec3{0.035f, 0.075f, 0.26f} : Vec3{0.60f, 0.58f, 0.52f} * (1 + 0.06f * grain),
              0.85f, 0.05f};
    }
    case kJug: {
      const float drip =
          1.05f + 0.16f * noise(Vec2{std::atan2(p.z - kJugFoot.z, p.x - kJugFoot.x) * 2.2f, 1});
      const Vec3 glaze = Vec3{0.025f, 0.13f, 0.15f} * (1 + 0.5f * grain), clay{0.36f, 0.17f, 0.08f};
      return p.y > drip * 0.62f ? Surface{glaze, 0.92f, 0.06f}
                                : Surface{clay * (1 + 0.25f * grain), 0.25f, 0.03f};
    }
    case kBottle:
      return {p.y > 2.18f ? Vec3{0.2f, 0.05f, 0.03f} : Vec3{0.008f, 0.022f, 0.010f}, 0.97f, 0.06f};
    case kApple:
      return apple_skin(kFruits[hit.index], p);
    case kPear: {
      const float freckle = smoothstep(0.35f, 0.6f, noise(p * 30.0f));
      const Vec3 color = mix(Vec3{0.45f, 0.42f, 0.07f}, Vec3{0.52f, 0.20f, 0.05f},
                             smoothstep(0, 0.5f, fbm(p * 1.6f + Vec3{3, 0, 1}, 3) + 0.15f));
      return {mix(color, Vec3{0.22f, 0.13f, 0.04f}, 0.55f * freckle), 0.55f, 0.04f};
    }
    case kLemon:
      return {Vec3{0.74f, 0.50f, 0.035f} * (1 + 0.10f * grain), 0.5f, 0.04f};
    case kGrape:
      return {mix(Vec3{0.06f, 0.012f, 0.05f}, Vec3{0.13f, 0.10f, 0.16f}, clamp01(0.35f + grain)),
              0.7f, 0.05f};
    default:
      return {{0.09f, 0.055f, 0.025f}, 0.2f, 0.03f};
  }
}

/// What a ray that leaves the scene sees: a window of four panes on the left, a dim room.
Vec3 room(Ray ray, bool window) {
  const Vec3 inwards = normalize(Vec3{0, 0.6f, 0} - kWindow);
  const Vec3 right = normalize(cross({0, 1, 0}, inwards)), up = cross(inwards, right);
  const float speed = dot(ray.to, inwards);
  Vec3 dim = mix(Vec3{0.05f, 0.04f, 0.03f}, Vec3{0.11f, 0.11f, 0.12f}, 0.5f + 0.5f * ray.to.y);
  if (speed >= 0 || !window) return dim;
  const Vec3 q = ray.at(dot(kWindow - ray.from, inwards) / speed) - kWindow;
  const float u = std::abs(dot(q, right)), v = std::abs(dot(q, up));
  const bool pane = u < 1.3f && v < 1.6f && u > 0.07f && std::abs(v - 0.5f) > 0.06f;
  return pane ? Vec3{9.5f, 9.3f, 8.8f} : dim;
}

/// Light from the place (u, v), each -1..1, in the window, with shadow.
Vec3 window_light(Vec3 p, Vec3 normal, float u, float v) {
  const Vec3 inwards = normalize(Vec3{0, 0.6f, 0} - kWindow);
  const Vec3 right = normalize(cross({0, 1, 0}, inwards)), up = cross(inwards, right);
  const Vec3 lamp = kWindow + right * (1.3f * u) + up * (1.6f * v);
  const Vec3 to = normalize(lamp - p);
  const float facing = dot(normal, to), distance = length(lamp - p);
  if (facing <= 0) return {};
  Nearest hit;
  if (march({p, to}, distance - 0.5f, hit) < 1e8f) return {};
  return Vec3{1.0f, 0.96f, 0.88f} * (-74 * facing * dot(to, inwards) / (distance * distance));
}

Vec3 on_sphere(Random& random) {
  const float z = random.uniform(-1, 1), turn = random.uniform(0, 2 * kPi),
              r = std::sqrt(1 - z * z);
  return {r * std::cos(turn), r * std::sin(turn), z};
}

/// `mirrored`: whether the ray may see the window itself, which lights diffuse surfaces by
/// sampling.
Vec3 trace(const Ray& ray, Random& random, int depth, bool mirrored) {
  Nearest hit;
  const float t = march(ray, 14, hit);
  if (t > 1e8f) return room(ray, mirrored);
  const Vec3 p = ray.at(t), normal = normal_at(p);
  const Surface surface = material(hit, p);
  const Vec3 out = p + normal * 0.004f;
  // Direct and bounced light, each from two opposite samples: that halves the grain.
  const float u = random.uniform(-1, 1), v = random.uniform(-1, 1);
  Vec3 light = window_light(out, normal, u, v);
  if (depth == 0) light = (light + window_light(out, normal, -u, -v)) * 0.5f;
  if (depth < 2) {
    const Vec3 aside = on_sphere(random) * 0.999f;
    for (const float side : {-1.0f, 1.0f})
      light += trace({out, normalize(normal + aside * side)}, random, depth + 2, false) * 0.575f;
  } else {
    light += Vec3{0.10f, 0.095f, 0.09f};
  }
  Vec3 color = surface.albedo * light;
  if (surface.mirror > 0 && depth < 2) {
    const float facing = clamp01(-dot(ray.to, normal));
    const float fresnel =
        surface.mirror + (1 - surface.mirror) * std::pow(1 - facing, 5.0f) * surface.gloss;
    const float rough = 0.25f * (1 - surface.gloss);
    const Vec3 jitter = Vec3{random.normal(), random.normal(), random.normal()} * rough;
    const Vec3 seen =
        trace({out, normalize(reflect(ray.to, normal) + jitter)}, random, depth + 1, true);
    color = mix(color, seen, fresnel);
  }
  return color;
}

}  // namespace

Image stilllife() {
  const Camera camera{{0.15f, 2.35f, -6.2f}, {0.12f, 0.78f, 0}, 1.75f};
  return render(1000, 800, 3, camera, [](const Ray& ray, Random& random) {
    const Vec3 light = trace(ray, random, 0, true);
    return Vec3{std::min(light.x, 9.0f), std::min(light.y, 9.0f), std::min(light.z, 9.0f)};
  });
}

}  // namespace impasto::draw
