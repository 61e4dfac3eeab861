#pragma once

#include <cstdint>

#include "vec.h"

namespace impasto::draw {

/// A well-mixed 32-bit number for each lattice point.
uint32_t hash(int x, int y = 0, int z = 0);
/// The same as a float in 0..1.
float hash01(int x, int y = 0, int z = 0);

/// Gradient noise, about -1..1, features of size 1.
float noise(Vec2 p);
float noise(Vec3 p);
/// Octaves of noise, each of twice the frequency and `gain` of the height, about -1..1.
float fbm(Vec2 p, int octaves, float gain = 0.5f);
float fbm(Vec3 p, int octaves, float gain = 0.5f);
/// Sharp crests: 1 - |noise|, each octave weighted by the one before; 0..1.
float ridged(Vec2 p, int octaves);
/// The divergence-free field round the hills of fbm.
Vec2 curl(Vec2 p, int octaves);

/// A small generator (PCG32) whose numbers are the same everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 6364136223846793005u + 1442695040888963407u) {}
  uint32_t next();
  float uniform() { return static_cast<float>(next() >> 8) / 16777216.0f; }
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  float normal();
  int below(int n) { return static_cast<int>(uniform() * static_cast<float>(n)); }

 private:
  uint64_t state_;
};

}  // namespace impasto::draw
