// What a descent begins with, of what was painted at once.

#include "instant/sketch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "image/luma.h"
#include "image/resize.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

// Around grey, one wave across: long ones are colours and shapes, short ones edges and grain.
Image wave(double period, float red, float blue) {
  Image image(256, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 256; ++x) {
      const auto w = static_cast<float>(std::sin(2 * M_PI * x / period));
      float* p = image.row(y) + 3 * x;
      p[0] = 0.5f + red * w, p[1] = 0.5f, p[2] = 0.5f + blue * w;
    }
  }
  return image;
}

// The deviation of a channel from 0.5 in the middle of the picture, or of its lightness.
double contrast(const Image& image, int channel) {
  double sum = 0;
  for (int x = 32; x < 224; ++x) {
    const float* p = image.row(32) + 3 * x;
    const double v = static_cast<double>(channel < 0 ? luma(p) : p[channel]) - 0.5;
    sum += v * v / 192;
  }
  return std::sqrt(sum);
}

TEST(Sketch, KeepsColoursAndShapes) {
  const Image painting = wave(256, 0.3f, -0.3f), photo = wave(256, -0.3f, 0.3f);
  const Image sketch = sketch_from(painting, photo, 50);
  EXPECT_LT(max_difference(sketch, painting), 0.03);
}

TEST(Sketch, HasNearlyHalfOfThePhotographsEdges) {
  const Image flat = wave(256, 0, 0), photo = wave(4, 0.4f, 0.4f);
  const Image sketch = sketch_from(flat, photo, 50);
  EXPECT_NEAR(contrast(sketch, -1), 0.45 * contrast(photo, -1), 0.02 * contrast(photo, -1));
  EXPECT_NEAR(contrast(sketch, 1), contrast(sketch, 0), 1e-3) << "their lightness alone";
}

TEST(Sketch, LosesNearlyHalfOfThePaintingsSpecks) {
  const Image painting = wave(4, 0.3f, -0.3f), photo = wave(256, 0, 0);
  const Image sketch = sketch_from(painting, photo, 50);
  for (const int channel : {0, 2}) {
    EXPECT_NEAR(contrast(sketch, channel), 0.55 * contrast(painting, channel), 0.01);
  }
}

TEST(Sketch, OfWhatIsHardlyPaintedIsThat) {
  const Image painting = wave(4, 0.3f, -0.3f), photo = wave(256, 0, 0);
  EXPECT_LT(max_difference(sketch_from(painting, photo, 0), painting), 1e-6);
}

TEST(Sketch, OfAPictureOfOnePixel) {
  Image one(1, 1);
  one.row(0)[0] = 0.25f;
  EXPECT_LT(max_difference(sketch_from(one, Image(1, 1), 80), one), 1e-6);
}

}  // namespace
}  // namespace impasto::test
