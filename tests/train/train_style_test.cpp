#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "formats/expect_error.h"
#include "formats/weights.h"
#include "image/samples.h"
#include "impasto/stylize.h"
#include "impasto/train.h"
#include "support/synthetic.h"
#include "train/following.h"

namespace impasto::test {

namespace fs = std::filesystem;

namespace {

class TrainStyleTest : public testing::Test {
 protected:
  TrainStyleTest() {
    fs::create_directories(folder_ / "photos");
    for (uint64_t i = 0; i < 3; ++i) {
      write_image(synthetic_picture(96, 100, 10 + i),
                  folder_ / ("photos/" + std::to_string(i) + ".png"));
    }
    write_image(synthetic_picture(90, 90, 20), folder_ / "painting.png");
    options_.paintings = {folder_ / "painting.png"};
    options_.photos = {folder_ / "photos"};
    options_.output = folder_ / "style.net";
    options_.checkpoint = folder_ / "checkpoint.safetensors";
    options_.batch = 2;
    options_.crop = 64;
    options_.minutes = 0;
    options_.steps = 120;
  }

  TempFolder folder_;
  Session session_;
  TrainStyleOptions options_;
};

TEST_F(TrainStyleTest, LearnsAndShowsIt) {
  options_.sheet_photos = {folder_ / "photos/0.png"};
  options_.sheet = folder_ / "sheet.png";
  Following progress;
  const TrainReport report = train_style(session_, options_, progress);
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(report.steps, options_.steps);
  ASSERT_EQ(progress.totals.size(), static_cast<size_t>(options_.steps));
  EXPECT_LT(progress.totals.back(), 0.7 * progress.totals.front());
  EXPECT_GT(read_image(options_.sheet).height(), 2 * 256);
  EXPECT_LT(fs::file_size(options_.output), 400'000u);

  // It is a style, which paints by itself, with any strength, and whole as in windows.
  StylizeOptions paint;
  paint.method = Method::instant;
  Progress quiet;
  const Image photo = synthetic_picture(96, 72, 1);
  const Painting style = read_painting(options_.output);
  ASSERT_NE(style.learned, nullptr);
  const Image painted = stylize(session_, photo, {style}, paint, quiet).image;
  EXPECT_EQ(painted.width(), photo.width());
  EXPECT_GT(max_difference(painted, photo), 0.05f);
  const Image statistics =
      stylize(session_, photo, {read_image(folder_ / "painting.png")}, paint, quiet).image;
  EXPECT_GT(max_difference(painted, statistics), 0.05f) << "not by the network for any style";
  paint.strength = 0;
  EXPECT_LT(max_difference(stylize(session_, photo, {style}, paint, quiet).image, photo), 0.01f);
  paint.strength = 100;
  EXPECT_GT(max_difference(stylize(session_, photo, {style}, paint, quiet).image, painted), 0.002f);
  for (const auto& [name, tensor] : read_weights(options_.output)) {
    for (int64_t i = 0; i < tensor.size(); ++i) ASSERT_TRUE(std::isfinite(tensor.at(i))) << name;
  }
}

TEST_F(TrainStyleTest, StopsAndGoesOnToTheSameNetwork) {
  options_.steps = 8;
  Following whole;
  train_style(session_, options_, whole);
  const NamedTensors expected = read_weights(options_.output);
  fs::remove(options_.checkpoint);
  Following first, rest;
  first.most = 5;
  EXPECT_FALSE(train_style(session_, options_, first).finished);
  EXPECT_TRUE(train_style(session_, options_, rest).finished);
  EXPECT_EQ(rest.totals.size(), 3u);
  for (const auto& [name, tensor] : read_weights(options_.output)) {
    for (int64_t i = 0; i < tensor.size(); ++i) {
      // What limits gradients is measured anew.
      ASSERT_NEAR(tensor.at(i), expected.at(name).at(i), 0.02) << name;
    }
  }
}

TEST_F(TrainStyleTest, EndsWithItsTime) {
  options_.steps = 0;
  options_.minutes = 1.0 / 600;
  Following progress;
  EXPECT_TRUE(train_style(session_, options_, progress).finished);
  EXPECT_GE(progress.totals.size(), 1u);
  EXPECT_LT(progress.totals.size(), 1000u);
}

TEST_F(TrainStyleTest, RefusesWhatCannotBeTrained) {
  Progress quiet;
  const auto refused = [&](ErrorCode code, const std::string& part, auto change) {
    TrainStyleOptions wrong = options_;
    change(wrong);
    expect_error(code, part, [&] { train_style(session_, wrong, quiet); });
    EXPECT_FALSE(fs::exists(options_.output));
  };
  refused(ErrorCode::usage, "`crop`", [](auto& o) { o.crop = 70; });
  refused(ErrorCode::usage, "`batch`", [](auto& o) { o.batch = 3; });
  refused(ErrorCode::usage, "`minutes`", [](auto& o) { o.steps = 0; });
  refused(ErrorCode::usage, "painting", [](auto& o) { o.paintings.clear(); });
  refused(ErrorCode::input, "missing", [&](auto& o) { o.photos = {folder_ / "missing"}; });
  refused(ErrorCode::input, "painting.txt",
          [&](auto& o) { o.paintings = {folder_ / "painting.txt"}; });
}

}  // namespace
}  // namespace impasto::test
