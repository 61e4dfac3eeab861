// Scores of pictures whose faults are known.

#include "impasto/assess.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "colour/colours.h"
#include "impasto/doodle.h"
#include "impasto/texture.h"
#include "judge/artefacts.h"
#include "judge/similarity.h"
#include "shared_data.h"
#include "support/synthetic.h"

namespace impasto::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

StylizeResult of(const Image& image) {
  StylizeResult result;
  result.image = image;
  return result;
}

Session session;  // which all of them are judged in

Assessment judge(const Image& photo, const Image& painting, const Image& result,
                 const StylizeOptions& options = {}) {
  return assess(session, photo, {painting}, options, of(result));
}

/// Soft shapes without noise.
Image smooth(int width, int height, uint64_t seed) {
  return resize(synthetic_picture(40, 30, seed), width, height);
}

/// Every pixel's three numbers changed by `change(x, y)`.
template <class Change>
Image changed(const Image& image, const Change& change) {
  Image result = image;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      for (int c = 0; c < 3; ++c) {
        float& v = result.row(y)[3 * x + c];
        v = std::clamp(v + static_cast<float>(change(x, y)), 0.0f, 1.0f);
      }
    }
  }
  return result;
}

class Assess : public testing::Test {
 protected:
  const Image photo_ = synthetic_picture(200, 150, 1), painting_ = synthetic_picture(200, 150, 2);
};

TEST_F(Assess, APhotographLeftAsItIsIsAllOfTheWayFromThePainting) {
  const Assessment a = judge(photo_, painting_, photo_);
  EXPECT_NEAR(a.style, 1, 1e-3);
  EXPECT_NEAR(a.content, 0, 1e-3);
  EXPECT_NEAR(a.ssim, 1, 1e-4);
  EXPECT_NEAR(a.edge_ssim, 1, 1e-4);
  EXPECT_NEAR(a.colour_shift, 0, 1e-3);
  EXPECT_EQ(a.seam, 0);
  EXPECT_NEAR(a.frame, 0, 1e-9);
  EXPECT_EQ(a.checkerboard, 0);
  EXPECT_EQ(a.not_finite, 0);
  EXPECT_THAT(a.warnings, ElementsAre(HasSubstr("hardly painted")));
  StylizeOptions options;
  options.strength = 5;
  EXPECT_THAT(judge(photo_, painting_, photo_, options).warnings, IsEmpty()) << "as was asked";
  options.strength = 50;
  StylizeResult stopped = of(photo_);
  stopped.cancelled = true;
  EXPECT_THAT(assess(session, photo_, {painting_}, options, stopped).warnings, IsEmpty());
}

// Whatever painting changes there would be many times a way that there is not.
TEST_F(Assess, APhotographInThePaintingsStyleHasNoWayToGo) {
  const Image changed_somewhat = changed(photo_, [](int x, int) { return 0.05 * (x % 3); });
  for (const Image& result : {photo_, changed_somewhat}) {
    const Assessment a = judge(photo_, photo_, result);
    EXPECT_TRUE(std::isnan(a.style));
    for (const auto& [name, value] : scores_of(a)) EXPECT_NE(name, "style");
    EXPECT_THAT(a.warnings, ElementsAre(HasSubstr("there was nothing to paint")));
  }
  EXPECT_FALSE(std::isnan(judge(photo_, changed_somewhat, photo_).style))
      << "a way, if a short one";
}

TEST_F(Assess, ThePaintingItselfHasNothingOfThePhotograph) {
  const Assessment a = judge(photo_, painting_, painting_);
  EXPECT_LT(a.style, 0.02);
  EXPECT_GT(a.content, 0.5);
  EXPECT_LT(a.ssim, 0.6);
  EXPECT_GT(a.colour_shift, 5);
}

TEST_F(Assess, TheLessIsLeftOfThePhotographTheMoreContentDiffers) {
  double content = -1, ssim = 2;
  for (const float share : {0.0f, 0.25f, 0.5f, 0.75f, 1.0f}) {
    Image between = photo_;
    for (int i = 0; i < 3 * 200 * 150; ++i) {
      between.data()[i] += share * (painting_.data()[i] - photo_.data()[i]);
    }
    const Assessment a = judge(photo_, painting_, between);
    EXPECT_GT(a.content, content) << share;
    EXPECT_LT(a.ssim, ssim) << share;
    content = a.content, ssim = a.ssim;
  }
}

TEST_F(Assess, TheSizeOfTheResultDoesNotMatter) {
  const Image small = smooth(260, 195, 1), painting = smooth(300, 300, 2);
  const Assessment a = judge(small, painting, changed(small, [](int, int) { return 0.2; }));
  const Image large = resize(small, 780, 585);
  const Assessment b = judge(small, painting, changed(large, [](int, int) { return 0.2; }));
  EXPECT_NEAR(a.style, b.style, 0.05);
  EXPECT_NEAR(a.content, b.content, 0.05);
  EXPECT_NEAR(a.ssim, b.ssim, 0.05);
  EXPECT_NEAR(a.colour_shift, b.colour_shift, 1);
  EXPECT_NEAR(a.lightness, b.lightness, 0.01);
}

TEST_F(Assess, TellsOfGrids) {
  const auto period = [&](int n, double amplitude) {
    return judge(photo_, painting_, changed(photo_, [&](int x, int y) {
                   return amplitude * ((x % n < n / 2) == (y % n < n / 2) ? 1 : -1);
                 }));
  };
  EXPECT_THAT(period(2, 0.05).warnings, testing::Contains(HasSubstr("grid of 2 or 4 pixels")));
  EXPECT_GT(period(2, 0.03).checkerboard, 1);
  EXPECT_GT(period(4, 0.03).checkerboard, 1);
  EXPECT_GT(period(2, 0.05).checkerboard, period(2, 0.03).checkerboard);
  EXPECT_LT(period(2, 0.0005).checkerboard, 0.2) << "nobody sees that";
  const Image waves = changed(photo_, [](int x, int) { return 0.05 * std::sin(x * 1.05); });
  EXPECT_LT(checkerboard_score(waves), 0.5) << "that is a pattern, not a fault";
  const auto stripes = changed(photo_, [](int x, int) { return x % 2 ? 0.04 : -0.04; });
  EXPECT_GT(checkerboard_score(stripes), 1);
  const Image flat(100, 100);
  EXPECT_EQ(checkerboard_score(flat), 0);
}

TEST_F(Assess, TellsOfSeams) {
  const Image soft = smooth(300, 200, 1), fine = synthetic_picture(300, 200, 1);
  const auto step = [](const Image& image, double height) {
    return changed(image, [&](int x, int) { return x < 128 ? 0 : height; });
  };
  EXPECT_LT(judge(soft, painting_, soft).seam, 0.01);
  EXPECT_GT(judge(soft, painting_, step(soft, 0.05)).seam, 3);
  EXPECT_GT(judge(fine, painting_, step(fine, 0.4)).seam, 1);
  EXPECT_THAT(judge(soft, painting_, step(soft, 0.1)).warnings,
              testing::Contains(HasSubstr("straight line")));
  const Image edged = step(soft, 0.1);
  EXPECT_LT(judge(edged, painting_, edged).seam, 0.01) << "the photograph's own";
  const auto row = changed(soft, [](int, int y) { return y < 77 ? 0 : 0.1; });
  EXPECT_GT(judge(soft, painting_, row).seam, 3);
}

TEST_F(Assess, TellsFramesFromTheInside) {
  const auto at_frame = [&](int x, int y) { return std::min({x, y, 199 - x, 149 - y}) < 3; };
  const Image ringing =
      changed(photo_, [&](int x, int y) { return at_frame(x, y) ? ((x + y) % 3 - 1) * 0.4 : 0; });
  EXPECT_GT(judge(photo_, painting_, ringing).frame, 0.3);
  Image pale = photo_;
  for (int y = 0; y < 150; ++y) {
    for (int x = 0; x < 200; ++x) {
      if (at_frame(x, y)) std::fill_n(pale.row(y) + 3 * x, 3, 0.5f);
    }
  }
  EXPECT_LT(judge(photo_, painting_, pale).frame, -0.2);
}

TEST_F(Assess, TellsOfPicturesThatAreNone) {
  const Image black(200, 150);
  const Assessment dark = judge(photo_, painting_, black);
  EXPECT_EQ(dark.clipped, 1);
  EXPECT_THAT(dark.warnings, testing::Contains(HasSubstr("nearly black")));
  Image grey = black;
  std::fill_n(grey.data(), 3 * 200 * 150, 0.5f);
  EXPECT_THAT(judge(photo_, painting_, grey).warnings, testing::Contains(HasSubstr("nearly flat")));
  Image broken = photo_;
  for (int i = 0; i < 900; ++i) broken.data()[i] = std::numeric_limits<float>::quiet_NaN();
  const Assessment a = judge(photo_, painting_, broken);
  EXPECT_NEAR(a.not_finite, 0.01, 1e-6);
  EXPECT_THAT(a.warnings, testing::Contains("1 % of the result's values are not numbers"));
  for (const auto& [name, value] : scores_of(a)) EXPECT_TRUE(std::isfinite(value)) << name;
}

TEST_F(Assess, TakesEverySize) {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 500}, {513, 511}, {2000, 30}}) {
    const Image photo = synthetic_picture(width, height, 3);
    const Assessment a = judge(photo, painting_, changed(photo, [](int, int) { return 0.1; }));
    for (const auto& [name, value] : scores_of(a)) {
      EXPECT_TRUE(std::isfinite(value)) << name << " at " << width << "x" << height;
    }
  }
}

TEST_F(Assess, TakesMixturesAndTheirWeights) {
  const Image other = synthetic_picture(100, 150, 5);
  StylizeOptions options;
  options.style_weights = {1, 0};
  const Assessment first = assess(session, photo_, {painting_, other}, options, of(painting_));
  EXPECT_LT(first.style, 0.02);
  options.style_weights = {1, 3};
  EXPECT_GT(assess(session, photo_, {painting_, other}, options, of(painting_)).style, 0.2);
}

TEST(Similarity, IsThatOfThePaper) {
  // Two constants: only means differ.
  const Plane a{20, 20, std::vector<float>(400, 0.5f)}, b{20, 20, std::vector<float>(400, 0.25f)};
  EXPECT_NEAR(similarity(a, b), (2 * 0.125 + 1e-4) / (0.25 + 0.0625 + 1e-4), 1e-4);
  EXPECT_NEAR(similarity(a, a), 1, 1e-6);
  // The same pattern upside down: means alike, correlation -1.
  Plane up{20, 20, std::vector<float>(400)}, down = up;
  for (size_t i = 0; i < 400; ++i) {
    const float v = (i % 20 + i / 20) % 2 ? 0.2f : -0.2f;
    up.values[i] = 0.5f + v, down.values[i] = 0.5f - v;
  }
  EXPECT_NEAR(similarity(up, down), -0.98, 0.01);
}

TEST(Similarity, ColoursAreThoseOfCielab) {
  Image white(4, 4), red(4, 4);
  std::fill_n(white.data(), 48, 1.0f);
  for (int i = 0; i < 16; ++i) red.data()[3 * i] = 1;
  EXPECT_NEAR(colour_distance(Image(4, 4), white), 100, 0.1);
  EXPECT_NEAR(colour_distance(Image(4, 4), red), std::hypot(53.24, 80.09, 67.2), 0.2);
}

TEST(RealPhotographs, HaveNoGrids) {
  for (const char* name : {"tubingen", "golden_gate", "lion", "newyork", "cornell", "figures"}) {
    IMPASTO_SHARED_FILE(file, "classic/content/" + std::string(name) + ".jpg");
    EXPECT_LT(checkerboard_score(read_image(file)), 0.5) << name;
  }
}

// A picture that keeps its colours is measured in them.
TEST_F(Assess, ColoursThatAreKeptAreNoFault) {
  for (const Colors colors : {Colors::content, Colors::match, Colors::luminance}) {
    StylizeOptions options;
    options.colors = colors;
    Image result = painting_;
    give_colours(photo_, options, result);
    const Assessment kept = judge(photo_, painting_, result, options);
    EXPECT_LT(kept.style, 0.3) << name_of(colors);
    EXPECT_LT(kept.style, judge(photo_, painting_, result).style) << name_of(colors);
    for (const std::string& warning : kept.warnings) {
      EXPECT_EQ(warning.find("hardly painted"), std::string::npos) << name_of(colors);
    }
    EXPECT_THAT(judge(photo_, painting_, photo_, options).warnings,
                testing::Contains(HasSubstr("hardly painted")))
        << name_of(colors);
  }
}

TEST_F(Assess, RegionsAreMeasuredWithinThem) {
  const Image left = [&] {
    Image mask(200, 150);
    for (int y = 0; y < 150; ++y) std::fill_n(mask.row(y), 300, 1.0f);
    return mask;
  }();
  Regions regions;
  regions.mask = std::make_shared<const Image>(left);
  regions.mask_name = "left";
  const auto half_of = [&](int from) {  // the painting from a column on
    Image result = photo_;
    for (int y = 0; y < 150; ++y)
      std::copy_n(painting_.row(y) + 3 * from, 300, result.row(y) + 3 * from);
    return of(result);
  };
  const double there = assess(session, photo_, {painting_}, regions, {}, half_of(0)).style;
  const Assessment elsewhere = assess(session, photo_, {painting_}, regions, {}, half_of(100));
  EXPECT_LT(there, 0.9);
  EXPECT_GT(elsewhere.style, 0.95);
  EXPECT_THAT(elsewhere.warnings, testing::Contains(HasSubstr("hardly painted")));
}

TEST_F(Assess, TexturesHaveNoPhotograph) {
  TextureOptions options;
  options.tileable = true;
  const Assessment a = assess_texture(session, {painting_}, options, of(painting_));
  EXPECT_LT(a.style, 0.1);
  for (const auto& [name, score] : scores_of(a)) {
    EXPECT_TRUE(name != "content" && name != "ssim" && name != "frame") << name;
  }
  Image grey(64, 64);
  std::fill_n(grey.data(), 64 * 64 * 3, 0.5f);
  const Assessment faint = assess_texture(session, {painting_}, options, of(grey));
  EXPECT_NEAR(faint.style, 1, 0.1);
  EXPECT_THAT(faint.warnings, testing::Contains(HasSubstr("more `iterations`")));
}

TEST_F(Assess, TheBorderOfATileIsItsSeam) {
  Image tile(128, 96), ramp(128, 96);
  for (int y = 0; y < 96; ++y) {
    for (int i = 0; i < 128 * 3; ++i) {
      const double x = i / 3 * 2 * M_PI / 128;
      tile.row(y)[i] =
          static_cast<float>(0.5 + 0.3 * std::sin(3 * x) * std::cos(y * 2 * M_PI / 48));
      ramp.row(y)[i] = static_cast<float>(i / 3 / 128.0);
    }
  }
  EXPECT_LT(wrapped_seam(tile), 0.5);
  EXPECT_GT(wrapped_seam(ramp), 10);
  TextureOptions options;
  options.tileable = true;
  EXPECT_THAT(assess_texture(session, {painting_}, options, of(ramp)).warnings,
              testing::Contains(HasSubstr("the border of the tile shows")));
  EXPECT_EQ(wrapped_seam(Image(1, 1)), 0);
}

TEST_F(Assess, DoodlesAreMeasuredWithinTheirColours) {
  DoodlePictures pictures;
  pictures.style = painting_;
  pictures.style_map = pictures.map = [&] {
    Image map(200, 150);
    for (int y = 0; y < 150; ++y) std::fill_n(map.row(y), 300, 1.0f);
    return map;
  }();
  const double own = assess_doodle(session, pictures, {}, of(painting_)).style;
  Image swapped = painting_;
  for (int y = 0; y < 150; ++y) {
    std::copy_n(painting_.row(y), 300, swapped.row(y) + 300);
    std::copy_n(painting_.row(y) + 300, 300, swapped.row(y));
  }
  EXPECT_LT(own, 0.05);
  EXPECT_GT(assess_doodle(session, pictures, {}, of(swapped)).style, 2 * own);
}

}  // namespace
}  // namespace impasto::test
