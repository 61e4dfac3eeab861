// --colors and --palette: whose colours a picture has in the end.

#include "colour/colours.h"

#include <cmath>

#include "colour/palette.h"
#include "image/oklab.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

double deviation(const Palette& p, size_t axis) {
  return std::sqrt(std::max(0.0, p.covariance[4 * axis]));
}

/// How far apart the hues and their spread are.
double colour_distance(const Palette& a, const Palette& b) {
  double sum = 0;
  for (const size_t i : {1, 2}) {
    sum += std::abs(a.mean[i] - b.mean[i]) + std::abs(deviation(a, i) - deviation(b, i));
  }
  return sum;
}
double light_distance(const Palette& a, const Palette& b) {
  return std::abs(a.mean[0] - b.mean[0]) + std::abs(deviation(a, 0) - deviation(b, 0));
}

Image grey(Image image) {
  for (int i = 0; i < image.width() * image.height(); ++i) {
    image.data()[3 * i + 1] = image.data()[3 * i + 2] = image.data()[3 * i];
  }
  return image;
}

/// A blue photograph and an orange painting, darker.
class ColoursTest : public StylizeTest {
 protected:
  ColoursTest() {
    const auto tint = [](Image& image, std::array<float, 3> factor, float light) {
      for (int i = 0; i < 3 * image.width() * image.height(); ++i) {
        image.data()[i] = light + 0.6f * image.data()[i] * factor[static_cast<size_t>(i % 3)];
      }
    };
    tint(photo_, {0.3f, 0.6f, 1}, 0.25f);
    tint(painting_, {1, 0.6f, 0.2f}, 0);
    options_.iterations = 20;
    options_.quality = Quality::best;
  }
  Palette painted(Colors colors, double palette = 100) {
    options_.colors = colors;
    options_.palette = palette;
    return palette_of(run().image);
  }
  const Palette& of_photo() const { return of_photo_ = palette_of(photo_); }
  mutable Palette of_photo_;
};

TEST_F(ColoursTest, APaletteIsMovedExactlyAndOnTheWay) {
  const Palette from = palette_of(painting_), to = palette_of(photo_);
  for (const double share : {0.0, 0.25, 1.0}) {
    Painting moved = painting_;
    const ColourMap map = colour_map(from, to, share);
    const int n = moved.width() * moved.height();
    to_oklab(moved.data(), n, moved.data());
    map.apply(moved.data(), n);
    from_oklab(moved.data(), n, moved.data());
    const Palette found = palette_of(moved);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(found.mean[i], from.mean[i] + share * (to.mean[i] - from.mean[i]), 0.01);
    }
    if (share < 1) continue;
    EXPECT_LT(colour_distance(found, to) + light_distance(found, to), 0.03);
  }
}

TEST_F(ColoursTest, EqualPalettesStay) {
  const Palette p = palette_of(photo_);
  const ColourMap map = colour_map(p, p, 1);
  for (size_t i = 0; i < 9; ++i) EXPECT_NEAR(map.matrix[i], i % 4 == 0 ? 1 : 0, 0.02);
}

TEST_F(ColoursTest, MatchHasThePhotographsPalette) {
  const Palette style = painted(Colors::style), match = painted(Colors::match);
  EXPECT_GT(colour_distance(style, of_photo()), 0.1);  // or there is nothing to see
  EXPECT_LT(colour_distance(match, of_photo()), 0.02);
  EXPECT_LT(light_distance(match, of_photo()), 0.03);
}

TEST_F(ColoursTest, LuminanceHasThePhotographsColoursAndThePaintingsLight) {
  const Palette style = painted(Colors::style), luminance = painted(Colors::luminance);
  EXPECT_LT(colour_distance(luminance, of_photo()), 0.03);
  EXPECT_LT(light_distance(luminance, style), 0.01);
  EXPECT_LT(light_distance(luminance, palette_of(painting_)),
            light_distance(luminance, of_photo()));
  // Its palette is of light alone.
  const Palette photos_light = painted(Colors::luminance, 0);
  EXPECT_LT(colour_distance(photos_light, of_photo()), 0.03);
  EXPECT_LT(light_distance(photos_light, of_photo()), 0.03);
}

TEST_F(ColoursTest, ContentGivesEachThingItsColour) {
  // A red half and a green half: a palette has no places, things do.
  for (int i = 0; i < 80 * 64; ++i) {
    float* rgb = photo_.data() + 3 * i;
    const bool left = i % 80 < 40;
    rgb[0] = left ? 0.7f : 0.2f, rgb[1] = left ? 0.2f : 0.6f, rgb[2] = 0.2f;
  }
  const auto redness = [](const Image& image, int x) {
    Image small = resize(image, 4, 1);
    to_oklab(small.data(), 4, small.data());
    return small.data()[3 * x + 1];
  };
  options_.colors = Colors::content;
  const Image result = run().image;
  EXPECT_NEAR(redness(result, 0), redness(photo_, 0), 0.03);
  EXPECT_NEAR(redness(result, 3), redness(photo_, 3), 0.03);
  EXPECT_LT(colour_distance(palette_of(result), of_photo()), 0.06);
}

TEST_F(ColoursTest, PaletteGoesFromThePhotographToThePaintingWithEveryMethod) {
  for (const Quality quality : {Quality::best, Quality::draft}) {
    SCOPED_TRACE(name_of(quality));
    options_.quality = quality;
    options_.network = quality == Quality::draft ? "small" : options_.network;
    double before = -1;
    for (const double palette : {0.0, 25.0, 50.0, 75.0, 100.0}) {
      const double distance = colour_distance(painted(Colors::style, palette), of_photo());
      EXPECT_GT(distance, before + 0.01) << palette;
      // What a bold brush paints beyond the gamut loses chroma.
      EXPECT_LT(distance, palette == 0 ? 0.03 : 10);
      before = distance;
    }
  }
}

TEST_F(ColoursTest, StrengthIsAnotherMatter) {
  options_.strength = 0;
  for (const Colors colors : {Colors::style, Colors::match, Colors::content, Colors::luminance}) {
    options_.colors = colors;
    EXPECT_LT(max_difference(run().image, photo_), 0.02) << name_of(colors);
  }
  options_.strength = 100;
  EXPECT_LT(colour_distance(painted(Colors::match), of_photo()), 0.02);
}

TEST_F(ColoursTest, StyleFilesWillDo) {
  painting_ = as_style_file(80);
  EXPECT_GT(colour_distance(painted(Colors::style), of_photo()), 0.1);
  EXPECT_LT(colour_distance(painted(Colors::match), of_photo()), 0.02);
  EXPECT_LT(colour_distance(painted(Colors::luminance), of_photo()), 0.03);
}

TEST_F(ColoursTest, GreyPhotographsStayGreyAndGreyPaintingsTakeColours) {
  const Image coloured = photo_;
  const Painting painting = painting_;
  photo_ = grey(photo_);
  for (const Colors colors : {Colors::match, Colors::content, Colors::luminance}) {
    const Palette p = painted(colors);
    EXPECT_LT(deviation(p, 1) + deviation(p, 2), 0.01) << name_of(colors);
  }
  photo_ = coloured;
  painting_ = grey(static_cast<const Image&>(painting));
  for (const Colors colors : {Colors::match, Colors::content, Colors::luminance}) {
    EXPECT_LT(colour_distance(painted(colors), of_photo()), 0.05) << name_of(colors);
  }
}

TEST_F(ColoursTest, HiddenPixelsHaveNoPalette) {
  Image cut = photo_;
  cut.alpha.assign(80 * 64, 1);
  for (int i = 0; i < 80 * 64; ++i) {
    if (i % 80 < 40) continue;
    cut.alpha[static_cast<size_t>(i)] = 0;
    std::fill_n(cut.data() + 3 * i, 3, 1.0f);
  }
  Image left(40, 64);
  for (int y = 0; y < 64; ++y) std::copy_n(photo_.row(y), 120, left.row(y));
  const Palette a = palette_of(cut), b = palette_of(left);
  EXPECT_LT(colour_distance(a, b) + light_distance(a, b), 1e-4);
}

TEST_F(ColoursTest, EverySize) {
  options_.iterations = 1;
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 500}, {33, 31}}) {
    photo_ = synthetic_picture(width, height, 4);
    for (const Colors colors : {Colors::match, Colors::content, Colors::luminance}) {
      options_.colors = colors;
      const Image result = run().image;
      ASSERT_EQ(result.width(), width);
      ASSERT_EQ(result.height(), height);
      for (int i = 0; i < 3 * width * height; ++i) {
        ASSERT_TRUE(result.data()[i] >= 0 && result.data()[i] <= 1) << name_of(colors);
      }
    }
  }
}

TEST_F(ColoursTest, PreviewsHaveTheColoursOfTheResult) {
  class Previews : public Progress {
   public:
    bool wants_preview() override { return true; }
    double preview_interval() override { return 0; }
    void preview(const Image& picture) override { last = picture; }
    Image last;
  } previews;
  options_.colors = Colors::match;
  stylize(session_, photo_, {painting_}, options_, previews);
  EXPECT_LT(colour_distance(palette_of(previews.last), of_photo()), 0.02);
}

TEST_F(ColoursTest, RefusesAPaletteThatIsNotThere) {
  for (const Colors colors : {Colors::match, Colors::content}) {
    EXPECT_THROW(painted(colors, 50), Error);
  }
  EXPECT_THROW(painted(static_cast<Colors>(4)), Error);
  EXPECT_THROW(painted(Colors::style, 101), Error);
}

}  // namespace
}  // namespace impasto::test
