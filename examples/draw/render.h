#pragma once

#include "color.h"
#include "impasto/image.h"
#include "noise.h"
#include "parallel.h"

namespace impasto::draw {

struct Ray {
  Vec3 from, to;  // to: unit direction
  Vec3 at(float t) const { return from + to * t; }
};

struct Camera {
  Vec3 eye, target;
  float zoom;  ///< focal length over picture height

  Ray ray(float u, float v) const {  // u, v: right and up, in picture heights from the middle
    const Vec3 ahead = normalize(target - eye);
    const Vec3 right = normalize(cross({0, 1, 0}, ahead));
    return {eye, normalize(ahead * zoom + right * u + cross(ahead, right) * v)};
  }
};

/// Renders `light(ray, random)`, scene light, with side x side jittered rays a pixel. Each sample
/// is tone mapped before averaging, which keeps the edges of lamps smooth.
template <class Light>
Image render(int width, int height, int side, const Camera& camera, const Light& light) {
  Image image(width, height);
  parallel_rows(height, [&](int y) {
    Random random(static_cast<uint64_t>(y) * 977 + 13);
    for (int x = 0; x < width; ++x) {
      Vec3 sum;
      for (int s = 0; s < side * side; ++s) {
        const auto cell = [&](int i) {
          return (static_cast<float>(i) + random.uniform()) / static_cast<float>(side);
        };
        const float px = static_cast<float>(x) + cell(s % side) - 0.5f * static_cast<float>(width);
        const float py = static_cast<float>(y) + cell(s / side) - 0.5f * static_cast<float>(height);
        const auto h = static_cast<float>(height);
        sum += tone_map(light(camera.ray(px / h, -py / h), random));
      }
      const Vec3 color = to_srgb(sum * (1.0f / static_cast<float>(side * side)));
      float* pixel = image.row(y) + 3 * x;
      pixel[0] = color.x, pixel[1] = color.y, pixel[2] = color.z;
    }
  });
  return image;
}

}  // namespace impasto::draw
