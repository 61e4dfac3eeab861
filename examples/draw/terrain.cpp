#include "terrain.h"

namespace impasto::draw {
namespace {

constexpr int kSize = 1600;                   // grid points a side
constexpr float kCell = 4;                    // metres between them
constexpr float kLeft = -3200, kNear = -200;  // world position of the first
constexpr float kTreeSpacing = 6.5f, kTallest = 17;

/// How far a place is from the lake, roughly in metres; negative in the water.
float from_shore(float x, float z) {
  const float wander = 46 * fbm(Vec2{x * 0.006f + 3, z * 0.006f}, 4);
  const float dx = (x - 40 - 0.1f * z) / 0.62f, dz = z - 470;
  float d = std::sqrt(dx * dx + dz * dz) - 445 + wander;
  const auto spit = [&](float cx, float cz, float rx, float rz) {
    const float u = (x - cx) / rx, v = (z - cz) / rz;
    d = std::max(d, (1 - std::sqrt(u * u + v * v)) * std::min(rx, rz) + 0.25f * wander);
  };
  spit(-140, 235, 112, 46);  // wooded, on the left
  spit(104, 190, 78, 40);    // with the house, on the right
  return d;
}

float raw_height(float x, float z) {
  const float d = from_shore(x, z);
  const float shore = d < 0 ? std::max(0.05f * d, -8.0f) : 0.05f * d + 2.6f * smoothstep(0, 22, d);
  const float hills = smoothstep(60, 700, d) * (70 + 95 * fbm(Vec2{x, z} * 0.0022f, 5));
  const Vec2 p = Vec2{x + 260, z} * 0.00062f;
  const Vec2 bent = p + Vec2{fbm(p * 2, 3), fbm(p * 2 + Vec2{5, 1}, 3)} * 0.22f;
  const float back = smoothstep(900, 3600, z + 0.3f * std::abs(x - 250));
  const float peak = std::exp(-((x + 420) * (x + 420) + (z - 3500) * (z - 3500)) / 700000) * 760;
  const float second =
      std::exp(-((x - 1350) * (x - 1350) + (z - 3000) * (z - 3000)) / 500000) * 330;
  const float massif = ridged(bent + Vec2{1.7f, 0.4f}, 7) * 760 * back;
  return shore + hills + massif + (peak + second) * (0.55f + 0.75f * ridged(bent * 2.3f, 5));
}

float wooded(float x, float z, float height) {
  const float d = from_shore(x, z);
  if (d < 2.5f || (z < 115 && x > -60)) return 0;
  const float clearing = length(Vec2{x - 62, (z - 172) * 1.15f});
  const float patches = fbm(Vec2{x, z} * 0.007f + Vec2{2, 8}, 3);
  const float line = smoothstep(560, 380, height + 120 * patches);
  return clamp01(0.85f + 1.5f * patches - 0.1f * smoothstep(40, 10, d)) * line *
         smoothstep(17, 26, clearing);
}

}  // namespace

Terrain::Terrain() : height_(kSize * kSize), forest_(kSize * kSize) {
  for (int j = 0; j < kSize; ++j)
    for (int i = 0; i < kSize; ++i)
      height_[j * kSize + i] =
          raw_height(kLeft + kCell * static_cast<float>(i), kNear + kCell * static_cast<float>(j));
  erode();
  for (int j = 0; j < kSize; ++j)
    for (int i = 0; i < kSize; ++i)
      forest_[j * kSize + i] =
          wooded(kLeft + kCell * static_cast<float>(i), kNear + kCell * static_cast<float>(j),
                 height_[j * kSize + i]);
}

// Drops of water run downhill, take up soil where they are fast and lay it down where they slow.
void Terrain::erode() {
  Random random(3);
  for (int drop = 0; drop < 260000; ++drop) {
    float x = random.uniform(2, kSize - 3), z = random.uniform(2, kSize - 3);
    float dir_x = 0, dir_z = 0, speed = 1, water = 1, load = 0;
    for (int step = 0; step < 70; ++step) {
      const int i = static_cast<int>(x), j = static_cast<int>(z);
      const float u = x - static_cast<float>(i), v = z - static_cast<float>(j);
      float* cell = &height_[j * kSize + i];
      const float a = cell[0], b = cell[1], c = cell[kSize], d = cell[kSize + 1];
      const float here = mix(mix(a, b, u), mix(c, d, u), v);
      dir_x = dir_x * 0.1f - mix(b - a, d - c, v) * 0.9f;
      dir_z = dir_z * 0.1f - mix(c - a, d - b, u) * 0.9f;
      const float norm = std::sqrt(dir_x * dir_x + dir_z * dir_z);
      if (norm < 1e-5f) break;
      x += dir_x /= norm;
      z += dir_z /= norm;
      if (x < 2 || z < 2 || x > kSize - 3 || z > kSize - 3) break;
      const int ni = static_cast<int>(x), nj = static_cast<int>(z);
      const float nu = x - static_cast<float>(ni), nv = z - static_cast<float>(nj);
      const float* next = &height_[nj * kSize + ni];
      const float fall =
          mix(mix(next[0], next[1], nu), mix(next[kSize], next[kSize + 1], nu), nv) - here;
      const float capacity = std::max(-fall, 0.02f) * speed * water * 1.6f;
      float change;  // what the ground gains
      if (fall > 0)
        change = std::min(fall, load);
      else if (load > capacity)
        change = (load - capacity) * 0.3f;
      else
        change = -std::min((capacity - load) * 0.16f, -fall);
      load -= change;
      cell[0] += change * (1 - u) * (1 - v);
      cell[1] += change * u * (1 - v);
      cell[kSize] += change * (1 - u) * v;
      cell[kSize + 1] += change * u * v;
      speed = std::sqrt(std::max(speed * speed - 0.25f * fall, 0.01f));
      speed = std::min(speed, 6.0f);
      water *= 0.985f;
      if (here < 1.5f) break;  // the lake
    }
  }
}

float Terrain::sample(const std::vector<float>& grid, float x, float z) const {
  const float gx = std::clamp((x - kLeft) / kCell, 0.0f, kSize - 1.01f);
  const float gz = std::clamp((z - kNear) / kCell, 0.0f, kSize - 1.01f);
  const int i = static_cast<int>(gx), j = static_cast<int>(gz);
  const float u = gx - static_cast<float>(i), v = gz - static_cast<float>(j);
  const float* cell = &grid[j * kSize + i];
  return mix(mix(cell[0], cell[1], u), mix(cell[kSize], cell[kSize + 1], u), v);
}

float Terrain::ground(float x, float z) const {
  return sample(height_, x, z);
}

float Terrain::ceiling(float x, float z) const {
  return ground(x, z) + (forest(x, z) > 0.02f ? kTallest : 0.0f);
}

float Terrain::surface(float x, float z, float& tree, float& kind) const {
  const float floor = ground(x, z);
  tree = kind = 0;
  if (forest(x, z) <= 0.02f) return floor;
  float top = floor;
  const int ci = static_cast<int>(std::floor(x / kTreeSpacing - 0.5f));
  const int cj = static_cast<int>(std::floor(z / kTreeSpacing - 0.5f));
  for (int j = cj; j <= cj + 1; ++j)
    for (int i = ci; i <= ci + 1; ++i) {
      const float px =
          (static_cast<float>(i) + 0.5f + 0.5f * (hash01(i, j, 1) - 0.5f)) * kTreeSpacing;
      const float pz =
          (static_cast<float>(j) + 0.5f + 0.5f * (hash01(i, j, 2) - 0.5f)) * kTreeSpacing;
      const float dx = x - px, dz = z - pz, reach = std::sqrt(dx * dx + dz * dz);
      if (reach > 3.2f || hash01(i, j, 3) > forest(px, pz)) continue;
      const float pick = hash01(i, j, 4), tall = kTallest * (0.45f + 0.52f * pick);
      const float spread = 1.35f + 1.3f * pick;
      const float angle = std::atan2(dz, dx) + 9 * pick;
      const float bough = noise(Vec2{angle * 2.6f, reach * 1.1f + 20 * pick});
      const float out = reach / (spread * (0.92f + 0.3f * bough));
      if (out > 1) continue;
      const float tiers = 8 + 4 * pick, tier = out * tiers + 1.3f * bough;
      const float stepped = (std::floor(tier) + std::pow(fract(tier), 3.0f) - 1.3f * bough) / tiers;
      const float high = tall * (1 - mix(out, std::max(stepped, 0.0f), 0.85f));  // drooping boughs
      const float foot = ground(px, pz);
      if (foot + high > top) top = foot + high, tree = high / tall, kind = pick;
    }
  return top;
}

}  // namespace impasto::draw
