// Colours for photographs that have none.

#include "colour/tint.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "impasto/stylize.h"
#include "support/synthetic.h"

namespace impasto::test {
namespace {

float lightness(const float* rgb) {
  return (rgb[0] + rgb[1] + rgb[2]) / 3;
}

/// A photograph in shades of one colour.
Image monochrome(const std::array<float, 3>& ink, int width = 120, int height = 90) {
  Image image = synthetic_picture(width, height, 7);
  for (int i = 0; i < width * height; ++i) {
    float* rgb = image.data() + 3 * i;
    const float light = lightness(rgb);
    for (size_t c = 0; c < 3; ++c) rgb[c] = light * ink[c];
  }
  return image;
}

/// How far red minus green lies from being a line of lightness.
double free_colour(const Image& image) {
  const int n = image.width() * image.height();
  double l = 0, c = 0, ll = 0, lc = 0, cc = 0;
  for (int i = 0; i < n; ++i) {
    const float* rgb = image.data() + 3 * i;
    const double light = lightness(rgb), colour = rgb[0] - rgb[1];
    l += light / n, c += colour / n;
    ll += light * light / n, lc += light * colour / n, cc += colour * colour / n;
  }
  const double shared = lc - l * c;
  return std::sqrt(std::max(0.0, cc - c * c - shared * shared / (ll - l * l)));
}

TEST(Tint, MonochromePhotographsGetColoursButKeepTheirLight) {
  for (const auto& ink : {std::array<float, 3>{1, 1, 1}, {1, 0.9f, 0.7f}, {0.6f, 0.7f, 1}}) {
    const Image before = monochrome(ink);
    EXPECT_LT(free_colour(before), 1e-3);
    const auto after = tinted(before);
    ASSERT_TRUE(after);
    EXPECT_GT(free_colour(*after), 0.03);
    EXPECT_LT(free_colour(*after), 0.1);
    for (int i = 0; i < 120 * 90; ++i) {
      ASSERT_NEAR(lightness(after->data() + 3 * i), lightness(before.data() + 3 * i), 1e-4);
    }
  }
}

TEST(Tint, ColouredPhotographsStay) {
  EXPECT_FALSE(tinted(synthetic_picture(120, 90, 7)));
}

TEST(Tint, ComesByAndBy) {
  const Image grey = monochrome({1, 1, 1}), coloured = synthetic_picture(120, 90, 7);
  double before = INFINITY;
  for (const float share : {0.0f, 0.02f, 0.04f}) {
    Image faint = grey;
    for (int i = 0; i < 3 * 120 * 90; ++i) {
      faint.data()[i] += share * (coloured.data()[i] - grey.data()[i]);
    }
    const auto after = tinted(faint);
    double sum = 0;
    for (int i = 0; after && i < 3 * 120 * 90; ++i) {
      sum += std::abs(after->data()[i] - faint.data()[i]);
    }
    EXPECT_LT(sum, before) << share;
    before = sum;
  }
  EXPECT_FALSE(tinted(coloured));
}

TEST(Tint, WhereThereIsNothingToTellApartThereIsNoColour) {
  for (const auto& [width, height] : {std::pair{1, 1}, {40, 3}}) {
    Image flat(width, height);
    std::fill_n(flat.data(), 3 * width * height, 0.5f);
    const auto after = tinted(flat);
    ASSERT_TRUE(after);
    for (int i = 0; i < 3 * width * height; ++i) EXPECT_EQ(after->data()[i], 0.5f);
  }
}

TEST(Tint, DraftsOfGreyPhotographsStayGreyInGreyPaintings) {
  StylizeOptions options;
  options.quality = Quality::draft;
  Progress quiet;
  Session session;
  const Image drawing = monochrome({1, 1, 1});
  const Image draft = stylize(session, monochrome({1, 1, 1}), {drawing}, options, quiet).image;
  EXPECT_LT(free_colour(draft), 0.004);
}

TEST(Tint, DraftsOfGreyPhotographsHaveTheColoursOfThePainting) {
  StylizeOptions options;
  options.quality = Quality::draft;
  Progress quiet;
  Session session;
  const Image painting = synthetic_picture(128, 128, 3);
  const Image draft = stylize(session, monochrome({1, 1, 1}), {painting}, options, quiet).image;
  EXPECT_GT(free_colour(draft), 0.25 * free_colour(painting));
}

}  // namespace
}  // namespace impasto::test
