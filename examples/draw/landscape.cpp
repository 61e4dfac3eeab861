// A mountain lake in the evening: eroded heights, a spruce forest, a lit house and its reflection.
#include "pictures.h"
#include "render.h"
#include "terrain.h"

namespace impasto::draw {
namespace {

const Vec3 kSun = normalize(Vec3{-0.88f, 0.27f, -0.14f});
const Vec3 kSunlight = Vec3{1.0f, 0.62f, 0.30f} * 5.6f,
           kSkylight = Vec3{0.30f, 0.44f, 0.80f} * 0.38f;
constexpr Vec3 kHouse{62, 2.2f, 170};  // its foot

Vec3 sky(Vec3 d) {
  const float up = std::max(d.y, 0.0f), sunward = 0.5f + 0.5f * dot(d, kSun);
  Vec3 color = mix(Vec3{0.95f, 0.60f, 0.42f}, Vec3{0.36f, 0.44f, 0.64f}, smoothstep(0, 0.22f, up));
  color = mix(color, Vec3{0.08f, 0.17f, 0.42f}, smoothstep(0.1f, 0.62f, up));
  color += Vec3{0.6f, 0.33f, 0.12f} * (sunward * sunward * (1 - smoothstep(0, 0.5f, up)));
  const float far = 1 / (up + 0.09f);
  const Vec2 p = Vec2{d.x, d.z} * far;
  const auto cloud = [](Vec2 q) {
    const Vec2 bend{fbm(q * 0.7f, 3), fbm(q * 0.7f + Vec2{7, 2}, 3)};
    return fbm(Vec2{q.x * 0.55f, q.y * 0.8f} + bend * 0.55f + Vec2{2.3f, 0.7f}, 6, 0.55f);
  };
  const float here = cloud(p), sunside = cloud(p + Vec2{kSun.x, kSun.z} * 0.25f);
  const float cover = smoothstep(-0.02f, 0.34f, here) * smoothstep(0.0f, 0.1f, up);
  const float lit = clamp01(0.5f + 2.6f * (here - sunside));
  const Vec3 bright{1.9f, 1.08f, 0.62f}, dark{0.34f, 0.30f, 0.42f};
  return mix(color, mix(dark, bright, lit), 0.92f * cover);
}

/// A solid bounded by planes: the part of the ray inside.
struct Plane {
  Vec3 normal;
  float offset;
};
template <size_t N>
bool enters(const Ray& ray, const Plane (&planes)[N], float& t, Vec3& normal) {
  float in = 0.01f, out = 1e9f;
  Vec3 face;
  for (const Plane& plane : planes) {
    const float speed = dot(ray.to, plane.normal);
    const float gap = plane.offset - dot(ray.from, plane.normal);
    if (std::abs(speed) < 1e-7f) {
      if (gap < 0) return false;
    } else if (speed < 0) {
      if (gap / speed > in) in = gap / speed, face = plane.normal;
    } else {
      out = std::min(out, gap / speed);
    }
  }
  if (in >= out || in >= t || dot(face, face) == 0) return false;
  t = in, normal = face;
  return true;
}

const float kSlope = std::sqrt(0.5f);
const Plane kWalls[] = {{{1, 0, 0}, 6},
                        {{-1, 0, 0}, 6},
                        {{0, 0, 1}, 4},
                        {{0, 0, -1}, 4},
                        {{0, -1, 0}, 2},
                        {{0, kSlope, kSlope}, 6.1f},
                        {{0, kSlope, -kSlope}, 6.1f}};
const Plane kRoof[] = {{{1, 0, 0}, 6.7f},
                       {{-1, 0, 0}, 6.7f},
                       {{0, -1, 0}, -3.9f},
                       {{0, kSlope, kSlope}, 6.45f},
                       {{0, kSlope, -kSlope}, 6.45f}};
const Plane kChimney[] = {{{1, 0, 0}, 3.6f},  {{-1, 0, 0}, -2.5f}, {{0, 0, 1}, 0.6f},
                          {{0, 0, -1}, 0.6f}, {{0, 1, 0}, 10.4f},  {{0, -1, 0}, -5}};

class Scene {
 public:
  Vec3 look(const Ray& ray, int depth) const;

 private:
  struct Hit {
    float t = 1e9f;
    Vec3 normal, albedo, glow;
  };
  bool march(const Ray& ray, float limit, float& t) const;
  void house(const Ray& ray, Hit& hit) const;
  void land(const Ray& ray, Hit& hit) const;
  float sunlit(Vec3 from) const;
  Vec3 water(const Ray& ray, float t) const;

  Terrain terrain_;
};

/// The first point on land or tree before `limit`.
bool Scene::march(const Ray& ray, float limit, float& t) const {
  float step = 0.2f;
  for (int i = 0; i < 700 && t < limit; ++i) {
    const Vec3 p = ray.at(t);
    if (p.y > 1700) return false;
    const float clear = p.y - terrain_.ceiling(p.x, p.z);
    if (clear > 0) {
      step = std::max(0.45f * clear, 0.1f + 0.0008f * t);
    } else {
      const float gap = p.y - terrain_.surface(p.x, p.z);
      if (gap < 0) {
        float low = std::max(t - step, 0.0f), high = t;  // refine between the last two
        for (int k = 0; k < 7; ++k) {
          const float middle = 0.5f * (low + high);
          const Vec3 q = ray.at(middle);
          (q.y < terrain_.surface(q.x, q.z) ? high : low) = middle;
        }
        t = high;
        return true;
      }
      step = std::max(0.16f * gap, 0.12f + 0.0007f * t);
    }
    t += step;
  }
  return false;
}

float Scene::sunlit(Vec3 from) const {
  float light = 1, t = 0.6f;
  Hit hit;
  house({from - kHouse, kSun}, hit);
  if (hit.t < 100) return 0;
  for (int i = 0; i < 90 && t < 3500; ++i) {
    const Vec3 p = from + kSun * t;
    if (p.y > 1500) break;
    const float clear = p.y - terrain_.ceiling(p.x, p.z);
    const float gap = clear > 0 ? clear + 2 : p.y - terrain_.surface(p.x, p.z);
    light = std::min(light, 0.5f + 0.5f * gap / (0.035f * t + 0.25f));
    if (light <= 0) return 0;
    t += clear > 0 ? std::max(0.5f * clear, 1 + 0.02f * t)
                   : std::max(0.25f * gap, 0.5f + 0.012f * t);
  }
  return light * light * (3 - 2 * light);
}

/// `ray` starts relative to the house's foot.
void Scene::house(const Ray& world, Hit& hit) const {
  const float c = std::cos(0.9f), s = std::sin(0.9f);  // turned towards the lake
  const auto turn = [&](Vec3 v, float side) {
    return Vec3{c * v.x + side * s * v.z, v.y, c * v.z - side * s * v.x};
  };
  const float size = 1.35f;
  const Ray ray{turn(world.from, 1) * (1 / size), turn(world.to, 1)};
  Vec3 normal;
  if (enters(ray, kWalls, hit.t, normal)) {
    const Vec3 p = ray.at(hit.t);
    const float u = std::abs(normal.x) > 0.5f ? p.z : p.x;
    const float pane = std::abs(fract(u / 2.6f + 0.5f) - 0.5f) * 2.6f;
    const bool window = pane < 0.62f && p.y > 1.2f && p.y < 2.9f;
    const bool attic = std::abs(normal.x) > 0.5f && std::abs(u) < 0.6f && p.y > 4.4f && p.y < 5.6f;
    const bool bar = pane < 0.07f || std::abs(p.y - 2.05f) < 0.06f;
    hit.albedo = Vec3{0.23f, 0.065f, 0.04f} * (0.85f + 0.15f * std::sin(p.y * 20));
    hit.glow = {};
    if ((window && !bar) || attic)
      hit.albedo = {0.1f, 0.08f, 0.05f}, hit.glow = Vec3{3.6f, 2.0f, 0.65f};
    else if (pane < 0.85f && p.y > 1.0f && p.y < 3.1f)
      hit.albedo = {0.42f, 0.38f, 0.32f};
    if (p.y < 0.7f) hit.albedo = {0.13f, 0.12f, 0.11f};  // the stone foot
    hit.normal = turn(normal, -1);
  }
  for (const bool stack : {false, true}) {
    if (!(stack ? enters(ray, kChimney, hit.t, normal) : enters(ray, kRoof, hit.t, normal)))
      continue;
    const Vec3 p = ray.at(hit.t);
    hit.albedo = stack ? Vec3{0.4f, 0.3f, 0.25f}
                       : Vec3{0.10f, 0.085f, 0.085f} * (0.8f + 0.3f * fract(p.y * 2.2f));
    hit.glow = {};
    hit.normal = turn(normal, -1);
  }
  hit.t *= size;
}

void Scene::land(const Ray& ray, Hit& hit) const {
  float t = 0.5f;
  if (!march(ray, std::min(hit.t, 6500.0f), t)) return;
  const Vec3 p = ray.at(t);
  float tree, kind;
  terrain_.surface(p.x, p.z, tree, kind);
  const float e = (tree > 0 ? 0.10f : 1.2f) + 0.0007f * t;
  const auto height = [&](float x, float z) {
    return tree > 0 ? terrain_.surface(x, z) : terrain_.ground(x, z);
  };
  Vec3 normal = normalize({height(p.x - e, p.z) - height(p.x + e, p.z), 2 * e,
                           height(p.x, p.z - e) - height(p.x, p.z + e)});
  const Vec2 ground{p.x, p.z};
  if (tree > 0) {
    normal =
        normalize(normal + Vec3{noise(p * 2.3f), 0.5f, noise(p * 2.3f + Vec3{5, 5, 5})} * 0.6f);
    const Vec3 needles =
        mix(Vec3{0.030f, 0.066f, 0.028f}, Vec3{0.085f, 0.085f, 0.02f}, kind * kind);
    hit.albedo = needles * (0.35f + 1.1f * tree) * (1 + 0.4f * noise(p * 1.7f));
  } else {
    const float rough = fbm(p * 0.06f, 5);
    const Vec3 bump{fbm(p * 0.11f, 4), 0, fbm(p * 0.11f + Vec3{9, 3, 1}, 4)};
    const float steep = 1 - normal.y + 0.14f * rough;
    normal = normalize(normal + bump * (t > 300 ? 0.55f : 0.25f));
    const Vec3 grass = mix(Vec3{0.10f, 0.12f, 0.03f}, Vec3{0.28f, 0.20f, 0.07f},
                           clamp01(0.5f + 0.9f * fbm(ground * 0.05f, 4)));
    const float strata = noise(Vec2{p.y * 0.05f + 2 * rough, 1});
    const Vec3 rock = Vec3{0.25f, 0.22f, 0.21f} * (1 + 0.35f * strata + 0.5f * rough);
    hit.albedo = mix(grass, rock, smoothstep(0.16f, 0.34f, steep + p.y * 0.00025f));
    hit.albedo = mix(hit.albedo, Vec3{0.15f, 0.13f, 0.11f}, smoothstep(1.0f, 0.3f, p.y + rough));
    const float snow = smoothstep(330, 560, p.y + 260 * rough) * smoothstep(0.60f, 0.42f, steep);
    hit.albedo = mix(hit.albedo, Vec3{0.86f, 0.88f, 0.92f}, snow);
  }
  hit.t = t, hit.normal = normal, hit.glow = {};
}

Vec3 Scene::water(const Ray& ray, float t) const {
  const Vec3 p = ray.at(t);
  const float calm =
      0.011f + 0.02f * smoothstep(0.0f, 0.4f, fbm(Vec2{p.x * 0.006f, p.z * 0.02f}, 2));
  const Vec2 q{p.x * 0.35f, p.z * 0.5f};
  const float fade = 1 / (1 + t * 0.004f);
  const Vec3 normal =
      normalize({calm * fbm(q, 4) * fade, 1, 1.8f * calm * fbm(q + Vec2{40, 3}, 4) * fade});
  Vec3 bounce = reflect(ray.to, normal);
  bounce.y = std::max(bounce.y, 0.004f);
  const float facing = clamp01(-dot(ray.to, normal));
  const float mirror = 0.03f + 0.97f * std::pow(1 - facing, 4.0f);
  const Vec3 deep = mix(Vec3{0.02f, 0.05f, 0.06f}, Vec3{0.10f, 0.09f, 0.05f},
                        smoothstep(-1.2f, 0, terrain_.ground(p.x, p.z)));
  return mix(deep, look({p + Vec3{0, 0.02f, 0}, normalize(bounce)}, 1), mirror);
}

Vec3 Scene::look(const Ray& ray, int depth) const {
  Hit hit;
  house({ray.from - kHouse, ray.to}, hit);
  land(ray, hit);
  const float level = ray.to.y < 0 ? -ray.from.y / ray.to.y : 1e9f;
  Vec3 color = sky(ray.to);
  const Vec3 backdrop = sky(normalize({ray.to.x, 0.03f, ray.to.z}));
  if (depth == 0 && level < hit.t && level < 6000) {
    hit.t = level;
    color = water(ray, level);
  } else if (hit.t < 1e8f) {
    const Vec3 p = ray.at(hit.t) + hit.normal * 0.15f;
    const float facing = dot(hit.normal, kSun);
    const float sun = facing > 0 ? facing * sunlit(p) : 0;
    const float open = 0.55f + 0.45f * hit.normal.y;
    const Vec3 bounce = Vec3{0.30f, 0.20f, 0.12f} * (0.25f * (1 - hit.normal.y));
    color = hit.albedo * (kSunlight * sun + kSkylight * open + bounce) + hit.glow;
  } else {
    return color;
  }
  const float base = std::max(ray.at(hit.t).y, 0.0f);
  const float haze = 1 - std::exp(-std::pow(hit.t / 8500, 1.2f) * std::exp(-base / 1500));
  const float mist = (1 - std::exp(-hit.t / 1500)) * std::exp(-base / 30) * 0.28f;
  const Vec3 air = mix(Vec3{0.40f, 0.45f, 0.62f}, backdrop, 0.45f);
  return mix(color, air, clamp01(haze + mist * (1 - haze)));
}

}  // namespace

Image landscape() {
  const Scene scene;
  const Camera camera{{0, 9, -6}, {14, 62, 400}, 1.28f};
  return render(1024, 768, 2, camera,
                [&](const Ray& ray, Random&) { return scene.look(ray, 0) * 0.86f; });
}

}  // namespace impasto::draw
