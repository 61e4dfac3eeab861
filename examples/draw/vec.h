#pragma once

#include <algorithm>
#include <cmath>

namespace impasto::draw {

constexpr float kPi = 3.14159265f;

struct Vec2 {
  float x = 0, y = 0;
};
inline Vec2 operator+(Vec2 a, Vec2 b) {
  return {a.x + b.x, a.y + b.y};
}
inline Vec2 operator-(Vec2 a, Vec2 b) {
  return {a.x - b.x, a.y - b.y};
}
inline Vec2 operator*(Vec2 a, float s) {
  return {a.x * s, a.y * s};
}
inline Vec2& operator+=(Vec2& a, Vec2 b) {
  return a = a + b;
}
inline float dot(Vec2 a, Vec2 b) {
  return a.x * b.x + a.y * b.y;
}
inline float length(Vec2 a) {
  return std::sqrt(dot(a, a));
}
inline Vec2 normalize(Vec2 a) {
  return a * (1 / std::max(length(a), 1e-9f));
}
inline Vec2 perpendicular(Vec2 a) {
  return {-a.y, a.x};
}
inline Vec2 direction(float angle) {
  return {std::cos(angle), std::sin(angle)};
}

/// A point or a direction in space (y is up), or a colour.
struct Vec3 {
  float x = 0, y = 0, z = 0;
};
inline Vec3 operator+(Vec3 a, Vec3 b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vec3 operator-(Vec3 a, Vec3 b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vec3 operator*(Vec3 a, Vec3 b) {
  return {a.x * b.x, a.y * b.y, a.z * b.z};
}
inline Vec3 operator*(Vec3 a, float s) {
  return {a.x * s, a.y * s, a.z * s};
}
inline Vec3& operator+=(Vec3& a, Vec3 b) {
  return a = a + b;
}
inline float dot(Vec3 a, Vec3 b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline float length(Vec3 a) {
  return std::sqrt(dot(a, a));
}
inline Vec3 normalize(Vec3 a) {
  return a * (1 / std::max(length(a), 1e-9f));
}
inline Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline Vec3 reflect(Vec3 d, Vec3 n) {
  return d - n * (2 * dot(d, n));
}

inline float clamp01(float v) {
  return v < 0 ? 0 : v > 1 ? 1 : v;
}
inline float fract(float v) {
  return v - std::floor(v);
}
template <class T>
T mix(T a, T b, float t) {
  return a + (b - a) * t;
}
/// 0 below `from`, 1 above `to`, smooth between; `from` > `to` turns it round.
inline float smoothstep(float from, float to, float v) {
  const float t = clamp01((v - from) / (to - from));
  return t * t * (3 - 2 * t);
}
/// The smaller of two distances, blended over a seam of width `k`.
inline float smooth_min(float a, float b, float k) {
  const float h = std::max(k - std::abs(a - b), 0.0f) / k;
  return std::min(a, b) - h * h * k * 0.25f;
}

}  // namespace impasto::draw
