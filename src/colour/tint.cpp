#include "colour/tint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace impasto {

namespace {

// Deviations of colour, 0..1. Below the first, by and by, a photograph counts as monochrome.
constexpr double monochrome = 0.012;
constexpr double along_tones = 0.03, along_shapes = 0.018;  // judged by eye
// Longer sides at which tones and shapes are looked at: finer ones would be coloured noise.
constexpr int tones_side = 96, tint_side = 16;
constexpr int sampled_rows = 128;  // tell how colourful a photograph is

double lightness(const float* rgb) {
  return (rgb[0] + rgb[1] + rgb[2]) / 3.0;
}

// The larger deviation of the two axes of colour, but for what lightness explains: sepia is one
// line through the colours as grey is.
double colourfulness(const std::vector<double>& covariance) {
  // Lightness and two axes of colour.
  constexpr double axes[3][3] = {{1 / 3.0, 1 / 3.0, 1 / 3.0}, {1, -1, 0}, {0.5, 0.5, -1}};
  const auto between = [&](size_t i, size_t j) {
    double sum = 0;
    for (size_t k = 0; k < 9; ++k) sum += axes[i][k / 3] * covariance[k] * axes[j][k % 3];
    return sum;
  };
  const double light = between(0, 0);
  double largest = 0;
  for (const size_t i : {1, 2}) {
    const double shared = between(i, 0);
    const double explained = light > 1e-8 ? shared * shared / light : 0;
    largest = std::max(largest, between(i, i) - explained);
  }
  return std::sqrt(largest);
}

double colourfulness(const Image& image) {
  std::array<double, 3> sum{};
  std::vector<double> products(9);
  std::vector<float> row(static_cast<size_t>(image.width()) * 3);
  const int step = std::max(1, image.height() / sampled_rows);
  double n = 0;
  for (int y = 0; y < image.height(); y += step, n += image.width()) {
    image.read(0, y, image.width(), row.data());
    for (size_t x = 0; x < row.size(); x += 3) {
      for (size_t i = 0; i < 3; ++i) {
        sum[i] += row[x + i];
        for (size_t j = 0; j < 3; ++j) products[3 * i + j] += row[x + i] * row[x + j];
      }
    }
  }
  for (size_t k = 0; k < 9; ++k) products[k] = products[k] / n - sum[k / 3] / n * (sum[k % 3] / n);
  return colourfulness(products);
}

Image reduced(const Image& image, int side) {
  const Size size = scaled_to(image, std::min(side, std::max(image.width(), image.height())));
  return resize(image, size.width, size.height);
}

// Each pixel of `picture` becomes `colour` times what `of` makes of its lightness, brought to mean
// 0 and this deviation; or black, where there is hardly any.
template <class Of>
void paint(Image& picture, const std::array<float, 3>& colour, double deviation, const Of& of) {
  const int64_t n = int64_t{picture.width()} * picture.height();
  std::vector<double> values;
  double sum = 0, square = 0;
  for (int64_t i = 0; i < n; ++i) {
    values.push_back(of(lightness(picture.data() + 3 * i)));
    sum += values.back();
    square += values.back() * values.back();
  }
  const double mean = sum / static_cast<double>(n);
  const double found = std::sqrt(std::max(0.0, square / static_cast<double>(n) - mean * mean));
  const double factor = found > 1e-4 ? deviation / found : 0;
  for (int64_t i = 0; i < 3 * n; ++i) {
    picture.data()[i] = static_cast<float>((values[static_cast<size_t>(i / 3)] - mean) * factor) *
                        colour[static_cast<size_t>(i % 3)];
  }
}

double mean_lightness(const Image& picture) {
  const int64_t n = int64_t{picture.width()} * picture.height();
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += lightness(picture.data() + 3 * i);
  return sum / static_cast<double>(n);
}

}  // namespace

bool is_monochrome(const FeatureStatistics& colours) {
  return colourfulness(colours.covariance) < monochrome;
}

std::optional<Image> tinted(const Image& photo) {
  const double share = 1 - colourfulness(photo) / monochrome;
  if (share <= 0) return {};
  Image tones = reduced(photo, tones_side), shapes = reduced(photo, tint_side);
  const double middle = mean_lightness(tones);
  paint(tones, {1, -1, 0}, share * along_tones,
        [middle](double v) { return (v - middle) * (v - middle); });
  paint(shapes, {1, 1, -2}, share * along_shapes, [](double v) { return v; });
  Image result = resize(photo, photo.width(), photo.height());
  for (const Image& tint : {tones, shapes}) {
    const Image enlarged = resize(tint, photo.width(), photo.height());
    const int64_t n = int64_t{3} * photo.width() * photo.height();
    for (int64_t i = 0; i < n; ++i) result.data()[i] += enlarged.data()[i];
  }
  return result;
}

}  // namespace impasto
