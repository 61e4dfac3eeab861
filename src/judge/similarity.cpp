#include "judge/similarity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "backend/border.h"
#include "base/parallel.h"
#include "canvas/picture.h"
#include "image/luma.h"

namespace impasto {

namespace {

constexpr int reach = 5;  // of the Gaussian, 11 x 11 as in the paper

const std::array<float, 2 * reach + 1>& gaussian() {
  static const auto weights = [] {
    std::array<float, 2 * reach + 1> w{};
    float sum = 0;
    for (int i = -reach; i <= reach; ++i) {
      sum += w[static_cast<size_t>(i + reach)] = std::exp(-static_cast<float>(i * i) / 4.5f);
    }
    for (float& v : w) v /= sum;
    return w;
  }();
  return weights;
}

int mirrored(int i, int n) {
  return static_cast<int>(border_index(i, n, PadMode::reflect));
}

Plane blurred(const Plane& p) {
  const size_t w = static_cast<size_t>(p.width);
  Plane down{p.width, p.height, std::vector<float>(p.values.size())}, result = down;
  parallel_for(p.height, 32, [&](int64_t begin, int64_t end) {
    for (int y = static_cast<int>(begin); y < end; ++y) {
      float* to = down.values.data() + static_cast<size_t>(y) * w;
      for (int k = -reach; k <= reach; ++k) {
        const float g = gaussian()[static_cast<size_t>(k + reach)];
        const float* from = p.values.data() + static_cast<size_t>(mirrored(y + k, p.height)) * w;
        for (size_t x = 0; x < w; ++x) to[x] += g * from[x];
      }
    }
  });
  parallel_for(p.height, 32, [&](int64_t begin, int64_t end) {
    std::vector<float> wide(w + 2 * reach);
    for (int y = static_cast<int>(begin); y < end; ++y) {
      for (int x = -reach; x < p.width + reach; ++x) {
        wide[static_cast<size_t>(x + reach)] = down.at(mirrored(x, p.width), y);
      }
      float* to = result.values.data() + static_cast<size_t>(y) * w;
      for (size_t k = 0; k <= 2 * reach; ++k) {
        for (size_t x = 0; x < w; ++x) to[x] += gaussian()[k] * wide[x + k];
      }
    }
  });
  return result;
}

Plane product(const Plane& a, const Plane& b) {
  Plane result{a.width, a.height, std::vector<float>(a.values.size())};
  std::transform(a.values.begin(), a.values.end(), b.values.begin(), result.values.begin(),
                 std::multiplies<>());
  return result;
}

// CIELAB of sRGB-encoded colours, white D65.
std::array<double, 3> lab(const float* rgb) {
  std::array<double, 3> light{};
  for (size_t c = 0; c < 3; ++c) {
    const double v = in_gamut(rgb[c]);
    light[c] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  }
  const auto [r, g, b] = light;
  const auto f = [](double t) {
    return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  };
  const double x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const double y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const double z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

}  // namespace

Plane lightness_of(const Image& image) {
  const int w = image.width(), h = image.height();
  Plane plane{w, h, std::vector<float>(static_cast<size_t>(w) * static_cast<size_t>(h))};
  std::vector<float> row(static_cast<size_t>(w) * 3);
  for (int y = 0; y < h; ++y) {
    image.read(0, y, w, row.data());
    float* to = plane.values.data() + static_cast<size_t>(y) * static_cast<size_t>(w);
    for (int x = 0; x < w; ++x) to[x] = luma(row.data() + 3 * x);
  }
  return plane;
}

Plane edges_of(const Plane& p) {
  Plane result{p.width, p.height, std::vector<float>(p.values.size())};
  size_t i = 0;
  for (int y = 0; y < p.height; ++y) {
    const int above = mirrored(y - 1, p.height), below = mirrored(y + 1, p.height);
    for (int x = 0; x < p.width; ++x, ++i) {
      const int left = mirrored(x - 1, p.width), right = mirrored(x + 1, p.width);
      const float across = p.at(right, above) + 2 * p.at(right, y) + p.at(right, below) -
                           p.at(left, above) - 2 * p.at(left, y) - p.at(left, below);
      const float down = p.at(left, below) + 2 * p.at(x, below) + p.at(right, below) -
                         p.at(left, above) - 2 * p.at(x, above) - p.at(right, above);
      result.values[i] = std::sqrt(across * across + down * down) / 4;
    }
  }
  return result;
}

double similarity(const Plane& a, const Plane& b) {
  constexpr double c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;  // the paper's, for values 0..1
  const Plane ma = blurred(a), mb = blurred(b);
  const Plane aa = blurred(product(a, a)), bb = blurred(product(b, b)), ab = blurred(product(a, b));
  double sum = 0;
  for (size_t i = 0; i < a.values.size(); ++i) {
    const double x = ma.values[i], y = mb.values[i];
    const double vx = aa.values[i] - x * x, vy = bb.values[i] - y * y, xy = ab.values[i] - x * y;
    sum += (2 * x * y + c1) * (2 * xy + c2) / ((x * x + y * y + c1) * (vx + vy + c2));
  }
  return sum / static_cast<double>(a.values.size());
}

double colour_distance(const Image& a, const Image& b) {
  constexpr int shapes = 32;
  const int w = std::min(a.width(), shapes), h = std::min(a.height(), shapes);
  const Image small_a = resize(a, w, h), small_b = resize(b, w, h);
  double sum = 0;
  for (int i = 0; i < w * h; ++i) {
    const auto from = lab(small_a.data() + 3 * i), to = lab(small_b.data() + 3 * i);
    sum += std::hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]);
  }
  return sum / (w * h);
}

}  // namespace impasto
