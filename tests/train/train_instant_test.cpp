#include <gtest/gtest.h>

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

class TrainInstantTest : public testing::Test {
 protected:
  TrainInstantTest() {
    for (const char* folder : {"photos", "paintings"}) fs::create_directories(folder_ / folder);
    for (uint64_t i = 0; i < 3; ++i) {
      const std::string name = std::to_string(i) + ".png";
      write_image(synthetic_picture(96, 80, 10 + i), folder_ / ("photos/" + name));
      write_image(synthetic_picture(90, 90, 20 + i), folder_ / ("paintings/" + name));
    }
    options_.photos = {folder_ / "photos"};
    options_.paintings = {folder_ / "paintings"};
    options_.output = folder_ / "network.safetensors";
    options_.checkpoint = folder_ / "checkpoint.safetensors";
    options_.batch = 1;
    options_.crop = options_.style_crop = 64;
    options_.steps = 160;
    options_.learning_rate = 1e-3;
  }

  TempFolder folder_;
  Session session_;
  TrainInstantOptions options_;
};

TEST_F(TrainInstantTest, LearnsAndItsNetworkPaints) {
  options_.sheet_photos = {folder_ / "photos/0.png"};
  options_.sheet_paintings = {folder_ / "paintings"};
  options_.sheet = folder_ / "sheet.png";
  Following progress;
  const TrainReport report = train_instant(session_, options_, progress);
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(report.steps, options_.steps);
  ASSERT_EQ(progress.totals.size(), static_cast<size_t>(options_.steps));
  EXPECT_LT(progress.totals.back(), 0.8 * progress.totals.front());
  const Image sheet = read_image(options_.sheet);
  EXPECT_GT(sheet.width(), 3 * 256);
  EXPECT_GT(sheet.height(), 2 * 256);

  StylizeOptions paint;
  paint.method = Method::instant;
  paint.network = options_.output;
  Progress quiet;
  const Image photo = synthetic_picture(64, 64, 1);
  const StylizeResult result =
      stylize(session_, photo, {synthetic_picture(64, 64, 2)}, paint, quiet);
  EXPECT_GT(max_difference(result.image, photo), 0.05f);
}

TEST_F(TrainInstantTest, StopsAndGoesOn) {
  Following first, rest;
  first.most = 5;
  EXPECT_FALSE(train_instant(session_, options_, first).finished);
  options_.steps = 8;
  const TrainReport report = train_instant(session_, options_, rest);
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(rest.totals.size(), 3u);
  for (const auto& [name, tensor] : read_weights(options_.output)) {
    for (int64_t i = 0; i < tensor.size(); ++i) ASSERT_TRUE(std::isfinite(tensor.at(i))) << name;
  }
}

TEST_F(TrainInstantTest, RefusesWhatCannotBeTrained) {
  Progress quiet;
  const auto refused = [&](ErrorCode code, const std::string& part, auto change) {
    TrainInstantOptions wrong = options_;
    change(wrong);
    expect_error(code, part, [&] { train_instant(session_, wrong, quiet); });
    EXPECT_FALSE(fs::exists(options_.output));
  };
  refused(ErrorCode::usage, "`crop`", [](auto& o) { o.crop = 70; });
  refused(ErrorCode::usage, "`crop`", [](auto& o) { o.style_crop = 32; });
  refused(ErrorCode::usage, "`batch`", [](auto& o) { o.batch = 0; });
  refused(ErrorCode::usage, "`paintings`", [](auto& o) { o.paintings.clear(); });
  refused(ErrorCode::input, "missing", [&](auto& o) { o.photos = {folder_ / "missing"}; });
}

}  // namespace
}  // namespace impasto::test
