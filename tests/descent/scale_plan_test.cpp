// Scales that are computed in less memory: what is chosen, and that the picture stays the same.

#include "descent/scale_plan.h"

#include "base/stop.h"
#include "canvas/joined.h"
#include "canvas/picture.h"
#include "descent/scale_run.h"
#include "judge/artefacts.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

class PlanScaleTest : public StylizeTest {
 protected:
  void SetUp() override { engine_ = open_engine(options_); }

  JobStage plan(const Size& size, size_t bytes) {
    return plan_scale(engine_, size, {{painting_}}, options_, bytes);
  }
  // A picture after some steps, computed in this way.
  Image painted(const Image& photo, const JobStage& plan, std::vector<double>* values = nullptr) {
    ScaleRun run(engine_, source_of(photo), source_of(photo), styles_, options_, plan);
    for (int step = 0; step < 6; ++step) {
      run.step();
      double sum = 0;
      for (const auto& [term, value] : run.terms()) sum += value;
      if (values) values->push_back(sum);
    }
    return run.finish();
  }

  Engine engine_;
  std::vector<WeightedStyle> styles_{{&painting_, 1}};
};

TEST_F(PlanScaleTest, TakesTheWholePictureWhereThereIsRoom) {
  const JobStage whole = plan({1920, 1080}, size_t{64} << 30);
  EXPECT_EQ(whole.window_side, 0);
  EXPECT_FALSE(whole.in_windows());
  EXPECT_FALSE(whole.lean);
  EXPECT_GT(whole.bytes, size_t{100} << 20);
}

TEST_F(PlanScaleTest, GetsLeanerWithLess) {
  options_.iterations = 100;  // a full history
  const Size size{3840, 2160};
  JobStage before = plan(size, SIZE_MAX);
  while (true) {
    const JobStage next = plan(size, before.bytes - 1);
    if (next.bytes >= before.bytes) break;  // the leanest
    EXPECT_TRUE(next.in_windows());
    EXPECT_GE(next.lean, before.lean);
    EXPECT_LE(next.octaves, before.octaves);
    before = next;
  }
  EXPECT_TRUE(before.lean);
  EXPECT_EQ(before.octaves, 1);
  EXPECT_EQ(before.bytes, plan(size, 0).bytes) << "when nothing fits";
}

TEST_F(PlanScaleTest, PaintsEightThousandPixelsWithinTwoGigabytes) {
  options_.precision = Precision::f32;  // on any machine
  options_.iterations = 100;
  engine_ = open_engine(options_);
  const size_t room = size_t{1900} << 20;
  EXPECT_LE(plan({7680, 4320}, room).bytes, room);
  EXPECT_LT(plan({7680, 4320}, 0).bytes, size_t{1600} << 20) << "the leanest";
}

TEST_F(PlanScaleTest, KeepsToTheOptionsInWindows) {
  options_.optimizer = OptimizerKind::adam;
  EXPECT_FALSE(plan({3840, 2160}, 0).lean) << "Adam has no lean kin";
}

// The same steps, and no seam where windows meet, on a photograph and where it is flat. In f32:
// windows round features of bf16 in other places, and a descent makes more of that with each step.
TEST_F(PlanScaleTest, PaintsTheSameInWindows) {
  options_.precision = Precision::f32;
  engine_ = open_engine(options_);
  const Image textured = synthetic_picture(701, 380, 7);
  Image flat = textured;  // a sky over it
  for (int y = 0; y < 300; ++y) std::fill_n(flat.row(y), 3 * flat.width(), 0.6f);
  for (const Image& photo : {textured, flat}) {
    std::vector<double> whole_values, tiled_values;
    const Image whole = painted(photo, {}, &whole_values);
    JobStage windows;
    windows.window_side = 336;
    const Image tiled = painted(photo, windows, &tiled_values);
    ASSERT_EQ(whole_values.size(), tiled_values.size());
    for (size_t i = 0; i < whole_values.size(); ++i) {
      // A descent makes ten times as much of roundings with each step: by the sixth the same
      // picture on another instruction set is 2 % off, too.
      const double tolerance = i < 4 ? 1e-3 : 0.05;
      EXPECT_NEAR(tiled_values[i] / whole_values[i], 1, tolerance) << "step " << i;
    }
    double squares = 0;
    for (int64_t i = 0; i < int64_t{3} * 701 * 380; ++i) {
      const double d = whole.data()[i] - tiled.data()[i];
      squares += d * d;
    }
    EXPECT_LT(std::sqrt(squares / (3.0 * 701 * 380)), 0.01);
    EXPECT_LT(seam_score(survey(tiled), survey(whole)), 0.05);
  }
}

// Of bf16 the first evaluation is the same up to its rounding, and what is painted has no seams.
TEST_F(PlanScaleTest, PaintsAlikeInWindowsOfAnyPrecision) {
  const Image photo = synthetic_picture(701, 380, 7);
  std::vector<double> whole_values, tiled_values;
  const Image whole = painted(photo, {}, &whole_values);
  JobStage windows;
  windows.window_side = 336;
  const Image tiled = painted(photo, windows, &tiled_values);
  EXPECT_NEAR(tiled_values[0] / whole_values[0], 1, 0.005);
  EXPECT_LT(seam_score(survey(tiled), survey(whole)), 0.05);
}

// Styles of areas, too: they are guides of the whole picture.
TEST_F(PlanScaleTest, PaintsAreasTheSameInWindows) {
  options_.precision = Precision::f32;
  engine_ = open_engine(options_);
  const Image photo = synthetic_picture(500, 380, 7);
  const Painting other = synthetic_picture(90, 70, 4);
  Mask left{500, 380, std::vector<uint8_t>(500 * 380)}, right = left;
  for (size_t i = 0; i < left.values.size(); ++i) {
    const size_t x = i % 500;
    left.values[i] = static_cast<uint8_t>(x < 100 ? 255 : x < 150 ? 255 * (150 - x) / 50 : 0);
    right.values[i] = static_cast<uint8_t>(255 - left.values[i]);
  }
  styles_ = {{&painting_, 1, &left}, {&other, 1, &right, 80}};
  JobStage windows;
  windows.window_side = 336;
  std::vector<double> whole_values, tiled_values;
  const Image whole = painted(photo, {}, &whole_values);
  const Image tiled = painted(photo, windows, &tiled_values);
  for (size_t i = 0; i < whole_values.size(); ++i) {
    EXPECT_NEAR(tiled_values[i] / whole_values[i], 1, 1e-3) << "step " << i;
  }
  EXPECT_LT(seam_score(survey(tiled), survey(whole)), 0.05);
}

TEST_F(PlanScaleTest, LeavesTilesOfAnEndlessPictureWhole) {
  options_.margin = 0;
  join_borders(engine_);
  EXPECT_EQ(plan({3840, 2160}, 0).windows, 1);
  EXPECT_FALSE(plan({3840, 2160}, 0).in_windows());
}

// What a step has changed by then does not count.
TEST_F(PlanScaleTest, GivesUpBetweenWindows) {
  const Image photo = synthetic_picture(600, 100, 3);
  for (const bool lean : {false, true}) {
    JobStage plan;
    plan.window_side = 512;
    plan.lean = lean;
    ScaleRun run(engine_, source_of(photo), source_of(photo), styles_, options_, plan);
    ScaleRun other(engine_, source_of(photo), source_of(photo), styles_, options_, plan);
    for (int step = 0; step < 3; ++step) {
      EXPECT_TRUE(run.step());
      EXPECT_TRUE(other.step());
    }
    int asked = 0;
    {
      const StopScope scope([&] { return ++asked == 40; }, {});
      EXPECT_FALSE(run.step());
    }
    EXPECT_EQ(asked, 40);
    EXPECT_LT(max_difference(run.finish(), other.finish()), 1e-5);
  }
}

TEST_F(PlanScaleTest, ShowsSmallPreviewsOfLargePictures) {
  const Image photo = synthetic_picture(2000, 30, 3);
  for (const bool in_windows : {false, true}) {
    JobStage plan;
    if (in_windows) plan.window_side = 512;
    ScaleRun run(engine_, source_of(photo), source_of(photo), styles_, options_, plan);
    run.step();
    EXPECT_EQ(run.preview().width(), in_windows ? 1600 : 2000);
    EXPECT_EQ(run.preview().height(), in_windows ? 24 : 30);
    run.step();  // goes on where it was
    EXPECT_EQ(run.finish().width(), 2000);
  }
}

TEST_F(PlanScaleTest, PaintsInEveryWay) {
  const Image photo = synthetic_picture(600, 341, 3);
  const Image whole = painted(photo, {});
  for (const int octaves : {5, 1}) {
    JobStage lean;
    lean.window_side = 512;
    lean.lean = true;
    lean.octaves = octaves;
    std::vector<double> values;
    const Image picture = painted(photo, lean, &values);
    EXPECT_EQ(picture.width(), 600);
    EXPECT_EQ(picture.height(), 341);
    EXPECT_LT(values.back(), 0.9 * values.front()) << octaves << " octaves";
  }
}

}  // namespace
}  // namespace impasto::test
