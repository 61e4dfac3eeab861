// Textures: style alone, of any size, and such that tile.

#include "impasto/texture.h"

#include <cmath>

#include "canvas/joined.h"
#include "canvas/picture.h"
#include "colour/palette.h"
#include "descent/build_objective.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

Image rolled(const Image& image, int across, int down) {
  Image result(image.width(), image.height());
  for (int y = 0; y < image.height(); ++y) {
    const float* from = image.row((y + down) % image.height());
    for (int x = 0; x < image.width(); ++x) {
      std::copy_n(from + 3 * ((x + across) % image.width()), 3, result.row(y) + 3 * x);
    }
  }
  return result;
}

/// Root mean square of the differences between what lies left and right of where column x ends,
/// some columns each: what the eye takes for a seam.
double step_after_column(const Image& image, int x) {
  constexpr int block = 2;
  double sum = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int c = 0; c < 3; ++c) {
      const auto at = [&](int column) {
        return image.row(y)[3 * ((column + image.width()) % image.width()) + c];
      };
      double d = 0;
      for (int i = 0; i < block; ++i) d += (at(x + 1 + i) - at(x - i)) / block;
      sum += d * d;
    }
  }
  return std::sqrt(sum / (3 * image.height()));
}
double step_after_row(const Image& image, int y) {
  Image turned(image.height(), image.width());
  for (int i = 0; i < image.width(); ++i) {
    for (int j = 0; j < image.height(); ++j) {
      std::copy_n(image.row(j) + 3 * i, 3, turned.row(i) + 3 * j);
    }
  }
  return step_after_column(turned, y);
}

class TextureTest : public StylizeTest {
 protected:
  TextureTest() {
    options_of_texture_.paint = options_;
    options_of_texture_.width = 96;
    options_of_texture_.height = 64;
  }
  StylizeResult make(const std::vector<Painting>& pictures) {
    Progress quiet;
    return texture(session_, pictures, options_of_texture_, quiet);
  }
  Image make() { return make({painting_}).image; }

  TextureOptions options_of_texture_;
};

TEST_F(TextureTest, HasTheSizeAndTheColoursOfThePicture) {
  options_of_texture_.paint.iterations = 30;
  const StylizeResult result = make({painting_});
  expect_picture(result.image, 96, 64);
  const Palette found = palette_of(result.image), wanted = palette_of(painting_);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(found.mean[i], wanted.mean[i], 0.1);
    EXPECT_NEAR(std::sqrt(found.covariance[4 * i]), std::sqrt(wanted.covariance[4 * i]), 0.05);
  }
  for (const auto& [term, value] : result.losses.back().terms) EXPECT_NE(term, "content");
  EXPECT_LT(loss(result.losses.back()), 0.5 * loss(result.losses.front()));
}

TEST_F(TextureTest, DependsOnTheSeedAlone) {
  const Image one = make();
  EXPECT_TRUE(same(one, make()));
  options_of_texture_.paint.seed = 2;
  EXPECT_FALSE(same(one, make()));
}

TEST_F(TextureTest, MixesPictures) {
  Image dark(48, 48), light(40, 56);
  std::fill_n(light.data(), 3 * 40 * 56, 0.9f);
  options_of_texture_.paint.style_weights = {1, 1};
  const double both = mean(make({dark, light}).image);
  EXPECT_GT(both, 0.2);
  EXPECT_LT(both, 0.8);
  options_of_texture_.paint.style_weights = {1, 0};
  EXPECT_LT(mean(make({dark, light}).image), 0.15);
}

TEST_F(TextureTest, EverySize) {
  options_of_texture_.paint.iterations = 1;
  for (const bool tileable : {false, true}) {
    options_of_texture_.tileable = tileable;
    for (const auto& [width, height] : {std::pair{1, 1}, {3, 200}, {129, 33}}) {
      options_of_texture_.width = width, options_of_texture_.height = height;
      const Image result = make();
      EXPECT_EQ(result.width(), width);
      EXPECT_EQ(result.height(), height);
    }
  }
}

// The step over the wrapped border is one among the others. (That nothing knows where it is, is
// tested below.)
TEST_F(TextureTest, TileableHasNoSeam) {
  options_of_texture_.tileable = true;
  options_of_texture_.paint.network = "small";
  options_of_texture_.paint.style_scale = 2;
  options_of_texture_.paint.iterations = 30;
  for (const auto& [width, height] : {std::pair{96, 64}, {101, 71}}) {
    options_of_texture_.width = width, options_of_texture_.height = height;
    const Image image = make();
    double columns = 0, rows = 0;
    for (int x = 0; x + 1 < width; ++x) columns += step_after_column(image, x) / (width - 1);
    for (int y = 0; y + 1 < height; ++y) rows += step_after_row(image, y) / (height - 1);
    EXPECT_LT(step_after_column(image, width - 1), 1.3 * columns) << width;
    EXPECT_LT(step_after_row(image, height - 1), 1.3 * rows) << width;
  }
}

TEST_F(TextureTest, RollingATileAroundDoesNotChangeItsObjective) {
  StylizeOptions o = options_;
  o.precision = Precision::f32;
  o.content_weight = 0;
  o.margin = 0;
  Engine engine = open_engine(o);
  join_borders(engine);
  const Image tile = synthetic_picture(96, 64, 5);
  const auto value = [&](const Image& picture) {
    const auto objective =
        build_objective(engine.network, *engine.backend, engine.type, source_of(picture),
                        {{&painting_, 1}}, o, {}, engine.joined);
    const Tensor t = to_tensor(picture), gradient(t.shape());
    return objective->evaluate(t, gradient);
  };
  const double before = value(tile);
  EXPECT_NEAR(value(rolled(tile, 48, 32)), before, 1e-4 * before);
  EXPECT_NEAR(value(rolled(tile, 16, 0)), before, 1e-4 * before);
  EXPECT_GT(std::abs(value(rolled(tile, 7, 3)) - before), 0);  // pooling has a grid of 16 pixels
  engine.joined = nullptr;
  EXPECT_GT(std::abs(value(rolled(tile, 48, 32)) - value(tile)), 1e-3 * before);
}

TEST(Joined, ResizingATileAndRollingItGoTogether) {
  const Image tile = synthetic_picture(48, 32, 6);
  for (const auto& [width, height] : {std::pair{96, 64}, {24, 16}, {72, 48}}) {
    const Image one = rolled(resize_joined(tile, width, height), width / 2, height / 2);
    const Image other = resize_joined(rolled(tile, 24, 16), width, height);
    EXPECT_LT(max_difference(one, other), 1e-5) << width;
  }
  const Image odd = resize_joined(tile, 47, 33);
  EXPECT_EQ(odd.width(), 47);
  EXPECT_EQ(odd.height(), 33);
  EXPECT_EQ(resize_joined(tile, 1, 1).width(), 1);
}

TEST_F(TextureTest, TakesStyleFiles) {
  expect_picture(make({as_style_file(80)}).image, 96, 64);
}

TEST_F(TextureTest, StopsWithWhatThereIs) {
  class Stop : public Progress {
   public:
    bool cancelled() override { return ++asked > 2; }
    int asked = 0;
  } stop;
  const StylizeResult result = texture(session_, {painting_}, options_of_texture_, stop);
  EXPECT_TRUE(result.cancelled);
  EXPECT_EQ(result.image.width(), 96);
}

TEST_F(TextureTest, RefusesWhatCannotBe) {
  EXPECT_THROW(make({}), Error);
  EXPECT_THROW(make({Image()}), Error);
  options_of_texture_.width = 0;
  EXPECT_THROW(make(), Error);
  options_of_texture_.width = 17000, options_of_texture_.height = 17000;
  limit_memory(200 << 20);
  try {
    make();
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::memory);
  }
}

TEST(TextureOptions, AreThoseItObeys) {
  TextureOptions o;
  std::vector<std::string> names;
  for (const auto& option : texture_options()) {
    names.push_back(option.name);
    if (option.name == "size") {
      option.set(o, "640x480");
      EXPECT_EQ(option.get(o), "640x480");
      option.set(o, "512");
      EXPECT_EQ(option.get(o), "512x512");
      for (const char* bad : {"", "x", "12x", "x12", "0x5", "-1", "1e3", "5x5x5", "100001"}) {
        EXPECT_THROW(option.set(o, bad), Error) << bad;
      }
    }
  }
  for (const char* name : {"seed", "time", "iterations", "style-scale"}) {
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
  }
  for (const char* name : {"detail", "strength", "colors", "content-weight", "method"}) {
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 0) << name;
  }
}

}  // namespace
}  // namespace impasto::test
