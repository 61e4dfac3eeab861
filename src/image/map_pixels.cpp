#include "image/map_pixels.h"

#include <cmath>

namespace impasto {

namespace {

constexpr double steady = 16;  // largest change from pixel to pixel of one colour
constexpr double rounding = 0.5;
// Pixels that are neither even nor steep, to those that are steep: up to 0.4 of them along drawn
// edges, 0.9 and more in the blocks of JPEG.
constexpr double most_uneven = 0.6;

double squared(const MapColour& a, const MapColour& b) {
  const double r = a[0] - b[0], g = a[1] - b[1], v = a[2] - b[2];
  return r * r + g * g + v * v;
}

// The largest difference to one of the four neighbours.
double change(const MapPixels& pixels, int x, int y) {
  double result = 0;
  pixels.around(x, y, true, [&](int i, int j) {
    for (size_t c = 0; c < 3; ++c) {
      result = std::max(result, std::abs(pixels.at(i, j)[c] - pixels.at(x, y)[c]));
    }
  });
  return result;
}

}  // namespace

double distance(const MapColour& a, const MapColour& b) {
  return std::sqrt(squared(a, b));
}

size_t nearest(const std::vector<MapColour>& colours, const MapColour& c) {
  size_t best = 0;
  for (size_t i = 1; i < colours.size(); ++i) {
    if (squared(colours[i], c) < squared(colours[best], c)) best = i;
  }
  return best;
}

MapPixels::MapPixels(const Image& image)
    : width(image.width()),
      height(image.height()),
      values(static_cast<size_t>(width) * height * 3),
      flat(values.size() / 3) {
  for (int y = 0; y < height; ++y) image.read(0, y, width, &values[3 * index(0, y)]);
  for (float& v : values) v *= 255;
  size_t steep = 0, uneven = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double d = change(*this, x, y);
      flat[index(x, y)] = d <= steady;
      if (d > steady) ++steep;
      if (d > rounding && d <= steady) ++uneven;
    }
  }
  lossy = static_cast<double>(uneven) > most_uneven * static_cast<double>(steep);
}

}  // namespace impasto
