#include "noise.h"

namespace impasto::draw {
namespace {

int floor_int(float v) {
  const int i = static_cast<int>(v);
  return v < static_cast<float>(i) ? i - 1 : i;
}

float fade(float t) {
  return t * t * t * (t * (t * 6 - 15) + 10);
}

float gradient(int x, int y, float dx, float dy) {
  constexpr float kDiagonal = 0.70710678f;
  static constexpr float kX[8] = {1, kDiagonal, 0, -kDiagonal, -1, -kDiagonal, 0, kDiagonal};
  static constexpr float kY[8] = {0, kDiagonal, 1, kDiagonal, 0, -kDiagonal, -1, -kDiagonal};
  const uint32_t h = hash(x, y) & 7;
  return kX[h] * dx + kY[h] * dy;
}

float gradient(int x, int y, int z, float dx, float dy, float dz) {
  const uint32_t h = hash(x, y, z) & 15;
  const float u = h < 8 ? dx : dy;
  const float v = h < 4 ? dy : (h == 12 || h == 14) ? dx : dz;
  return ((h & 1) ? -u : u) + ((h & 2) ? -v : v);
}

}  // namespace

uint32_t hash(int x, int y, int z) {
  uint32_t h = static_cast<uint32_t>(x) * 0x8da6b343u ^ static_cast<uint32_t>(y) * 0xd8163841u ^
               static_cast<uint32_t>(z) * 0xcb1ab31fu;
  h ^= h >> 16;
  h *= 0x7feb352du;
  h ^= h >> 15;
  h *= 0x846ca68bu;
  return h ^ (h >> 16);
}

float hash01(int x, int y, int z) {
  return static_cast<float>(hash(x, y, z) >> 8) / 16777216.0f;
}

float noise(Vec2 p) {
  const int x = floor_int(p.x), y = floor_int(p.y);
  const float dx = p.x - static_cast<float>(x), dy = p.y - static_cast<float>(y);
  const float u = fade(dx);
  const float top = mix(gradient(x, y, dx, dy), gradient(x + 1, y, dx - 1, dy), u);
  const float bottom =
      mix(gradient(x, y + 1, dx, dy - 1), gradient(x + 1, y + 1, dx - 1, dy - 1), u);
  return 1.45f * mix(top, bottom, fade(dy));
}

float noise(Vec3 p) {
  const int x = floor_int(p.x), y = floor_int(p.y), z = floor_int(p.z);
  const float dx = p.x - static_cast<float>(x), dy = p.y - static_cast<float>(y),
              dz = p.z - static_cast<float>(z);
  const float u = fade(dx), v = fade(dy);
  const auto plane = [&](int k) {
    const float d = dz - static_cast<float>(k);
    const float top =
        mix(gradient(x, y, z + k, dx, dy, d), gradient(x + 1, y, z + k, dx - 1, dy, d), u);
    const float bottom = mix(gradient(x, y + 1, z + k, dx, dy - 1, d),
                             gradient(x + 1, y + 1, z + k, dx - 1, dy - 1, d), u);
    return mix(top, bottom, v);
  };
  return mix(plane(0), plane(1), fade(dz));
}

float fbm(Vec2 p, int octaves, float gain) {
  float sum = 0, weight = 1, total = 0;
  for (int i = 0; i < octaves; ++i) {
    sum += weight * noise(p);
    total += weight;
    weight *= gain;
    p = Vec2{1.6f * p.x + 1.2f * p.y, -1.2f * p.x + 1.6f * p.y} + Vec2{17.3f, 9.1f};
  }
  return sum / total;
}

float fbm(Vec3 p, int octaves, float gain) {
  float sum = 0, weight = 1, total = 0;
  for (int i = 0; i < octaves; ++i) {
    sum += weight * noise(p);
    total += weight;
    weight *= gain;
    p = Vec3{1.6f * p.x + 1.2f * p.z, 2 * p.y, -1.2f * p.x + 1.6f * p.z} + Vec3{17, 9, 4};
  }
  return sum / total;
}

float ridged(Vec2 p, int octaves) {
  float sum = 0, amplitude = 0.5f, total = 0, weight = 1;
  for (int i = 0; i < octaves; ++i) {
    float crest = 1 - std::abs(noise(p));
    crest *= crest * weight;
    weight = clamp01(crest * 1.6f);
    sum += amplitude * crest;
    total += amplitude;
    amplitude *= 0.5f;
    p = Vec2{1.6f * p.x + 1.2f * p.y, -1.2f * p.x + 1.6f * p.y} + Vec2{5.7f, 13.9f};
  }
  return sum / total;
}

Vec2 curl(Vec2 p, int octaves) {
  constexpr float kStep = 0.02f;
  const float dx = fbm(p + Vec2{kStep, 0}, octaves) - fbm(p - Vec2{kStep, 0}, octaves);
  const float dy = fbm(p + Vec2{0, kStep}, octaves) - fbm(p - Vec2{0, kStep}, octaves);
  return Vec2{dy, -dx} * (0.5f / kStep);
}

uint32_t Random::next() {
  const uint64_t old = state_;
  state_ = old * 6364136223846793005u + 1442695040888963407u;
  const auto mixed = static_cast<uint32_t>(((old >> 18) ^ old) >> 27);
  const auto turn = static_cast<uint32_t>(old >> 59);
  return (mixed >> turn) | (mixed << ((32 - turn) & 31));
}

float Random::normal() {  // Box-Muller
  const float radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * kPi * uniform());
}

}  // namespace impasto::draw
