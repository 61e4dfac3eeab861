// What a run is going to take, told before it is taken.

#include "jobs/plan.h"

#include <algorithm>

#include "impasto/batch.h"
#include "impasto/stylizer.h"
#include "impasto/sweep.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

constexpr size_t mebi = size_t{1} << 20;

class PlanTest : public testing::Test {
 protected:
  void limit_memory(uint64_t most) { session_ = Session({.threads = 1, .max_memory = most}); }

  static PictureHeader photo(int width, int height, Samples samples = Samples::u8,
                             bool alpha = false) {
    return {width, height, samples, Storage::memory, alpha};
  }
  Job plan(const PictureHeader& content, const std::string& output = {}) {
    return Stylizer(session_, options_).plan(content, {photo(800, 600)}, output);
  }
  Job plan(int width, int height) { return plan(photo(width, height)); }

  // The budget that the refusal of a smaller one tells.
  uint64_t least(const PictureHeader& content) {
    const uint64_t before = session_.options().max_memory;
    limit_memory(mebi);
    const std::string message = error_of(ErrorCode::memory, [&] { plan(content); });
    limit_memory(before);
    const std::string words = "needs `max-memory` ";
    const size_t at = message.find(words);
    EXPECT_NE(at, std::string::npos) << message;
    return at == std::string::npos ? 0 : mebi * std::stoull(message.substr(at + words.size()));
  }

  Session session_{{.threads = 1}};
  StylizeOptions options_;
};

TEST_F(PlanTest, TellsTheScalesOfTheOptimiser) {
  options_.quality = Quality::best;
  const Job p = plan(640, 480);
  EXPECT_EQ(p.quality, Quality::best);
  EXPECT_EQ(p.reason, "asked for");
  EXPECT_EQ(p.options.method, Method::optimize);
  ASSERT_GE(p.stages.size(), 3u);
  for (const JobStage& stage : p.stages) {
    EXPECT_EQ(stage.kind, StageKind::optimize);
    EXPECT_GT(stage.steps, 0);
  }
  EXPECT_EQ(p.stages.back().size.width, 640);
  EXPECT_GT(p.seconds, 0);
}

TEST_F(PlanTest, TellsHowDraftsGrow) {
  options_.quality = Quality::draft;
  const Job p = plan(12000, 8000);
  EXPECT_EQ(p.stages.front().kind, StageKind::optimize);
  EXPECT_EQ(p.stages[1].kind, StageKind::enlarge);
  EXPECT_EQ(p.stages.back().kind, StageKind::by_edges);
  EXPECT_EQ(p.stages.back().size.width, 12000);
  const auto largest =
      std::max_element(p.stages.begin(), p.stages.end(),
                       [](const JobStage& a, const JobStage& b) { return a.windows < b.windows; });
  EXPECT_EQ(largest->kind, StageKind::enlarge);
  EXPECT_GT(largest->windows, 12);
  EXPECT_GE(largest->window.width, 512);
  for (size_t i = 1; i < p.stages.size(); ++i) {
    EXPECT_GT(p.stages[i].size.width, p.stages[i - 1].size.width);
  }
}

TEST_F(PlanTest, CountsWhatTheFileHolds) {
  options_.quality = Quality::draft;
  const size_t bytes = plan(photo(12000, 8000)).peak_bytes;
  const size_t words = plan(photo(12000, 8000, Samples::u16)).peak_bytes;
  const size_t alpha = plan(photo(12000, 8000, Samples::u8, true)).peak_bytes;
  EXPECT_GT(words, bytes + size_t{12000} * 8000 * 5);
  EXPECT_GT(alpha, bytes + size_t{12000} * 8000 * 7);
  EXPECT_GT(plan(photo(12000, 8000), "a.jxl").peak_bytes, 2 * bytes) << "its codec takes more";
}

TEST_F(PlanTest, GoesThroughFilesAndSmallerWindowsWhenMemoryIsSmall) {
  options_.quality = Quality::draft;
  const Job free = plan(12000, 8000);
  EXPECT_EQ(free.storage, Storage::memory);
  limit_memory(free.peak_bytes);
  EXPECT_EQ(plan(12000, 8000).storage, Storage::memory);
  limit_memory(free.peak_bytes - 1);
  const Job filed = plan(12000, 8000);
  EXPECT_EQ(filed.storage, Storage::file);
  EXPECT_EQ(filed.window_bytes, free.window_bytes);
  EXPECT_LE(filed.peak_bytes, session_.options().max_memory);
  EXPECT_LT(filed.peak_bytes, free.peak_bytes / 2);
  limit_memory(filed.peak_bytes - 1);
  const Job windowed = plan(12000, 8000);
  EXPECT_LT(windowed.window_bytes, free.window_bytes);
  EXPECT_LT(windowed.peak_bytes, filed.peak_bytes);
  EXPECT_EQ(windowed.limit_bytes, session_.options().max_memory);
}

TEST_F(PlanTest, TellsTheSmallestBudgetThatWouldDo) {
  for (const Quality quality : {Quality::draft, Quality::good, Quality::best}) {
    SCOPED_TRACE(name_of(quality));
    options_.quality = quality;
    limit_memory(150 * mebi);
    const PictureHeader large = photo(20000, 10000, Samples::u16);
    const std::string message = error_of(ErrorCode::memory, [&] { plan(large); });
    const std::string after = ", found 150M; `size` ";
    ASSERT_NE(message.find(after), std::string::npos) << message;
    const int fits = std::stoi(message.substr(message.find(after) + after.size()));
    const uint64_t needed = least(large);
    limit_memory(needed);
    EXPECT_LE(plan(large).peak_bytes, session_.options().max_memory);
    limit_memory(needed - 2 * mebi);
    error_of(ErrorCode::memory, [&] { plan(large); });
    limit_memory(150 * mebi);
    options_.size = fits;
    EXPECT_LE(plan(large).peak_bytes, session_.options().max_memory);
    options_.size = 0;
  }
}

TEST_F(PlanTest, RefusesBudgetsThatNothingFits) {
  limit_memory(mebi);
  const std::string message = error_of(ErrorCode::memory, [&] { plan(16, 16); });
  EXPECT_NE(message.find("found 1M; no size would fit"), std::string::npos) << message;
}

TEST_F(PlanTest, IsWhatARunTells) {
  for (const Quality quality : {Quality::draft, Quality::best}) {
    options_.quality = quality;
    options_.iterations = 2;
    const Image content = synthetic_picture(200, 150, 1), style = synthetic_picture(64, 64, 2);
    Progress quiet;
    if (options_.quality == Quality::draft) options_.iterations = StylizeOptions().iterations;
    const StylizeResult result = stylize(session_, content, {style}, options_, quiet);
    const Job planned = Stylizer(session_, options_).plan(content, {style});
    EXPECT_EQ(result.planned_bytes, planned.peak_bytes);
    EXPECT_EQ(result.quality, planned.quality);
  }
}

// Whatever the plan, it is the same picture, but for rounding.
TEST_F(PlanTest, DoesNotChangeThePicture) {
  options_.precision = Precision::f32;  // bf16 rounds sums of windows more coarsely
  options_.method = Method::instant;    // a descent amplifies how it was rounded
  const Image content = resize(synthetic_picture(1500, 1000, 1), 1500, 1000),
              style = synthetic_picture(400, 300, 2);
  Progress quiet;
  const auto painted = [&](Storage storage) {
    Image compact(1500, 1000, Samples::u16, storage);
    for (int y = 0; y < 1000; ++y) compact.write(0, y, 1500, content.row(y));
    const Image image = stylize(session_, compact, {style}, options_, quiet).image;
    return resize(image, image.width(), image.height());
  };
  const Image usual = painted(Storage::memory);
  limit_memory(least(photo(1500, 1000, Samples::u16)) + 4 * mebi);  // a larger style
  const Image small = painted(Storage::file);
  // Windows' statistics are those of the whole up to rounding, which three passes amplify: each set
  // of instructions rounds in its own way (0.066 of 255 on average, 1.04 at most).
  EXPECT_LT(mean_difference(usual, small), 0.2 / 255);
  EXPECT_LT(max_difference(usual, small), 2 / 255.0);
}

TEST_F(PlanTest, CountsTheCellsOfASweep) {
  options_.quality = Quality::draft;
  const PictureHeader content = photo(1000, 800);
  const Sweep sweep = plan_sweep({"strength=0:100:5"}, options_, 1);
  const Job cells = plan_cells(session_, content, {photo(800, 600)}, sweep), one = plan(content);
  EXPECT_EQ(cells.peak_bytes, one.peak_bytes);
  double seconds = 0;
  for (const StylizeOptions& cell : sweep.cells) {
    options_ = cell;
    seconds += plan(content).seconds;
  }
  EXPECT_NEAR(cells.seconds, seconds, 1e-6);
}

TEST_F(PlanTest, LeavesRoomInFoldersForOtherPictures) {
  limit_memory(800 * mebi);
  EXPECT_EQ(reserved_in_batch(session_), 300 * mebi);
  const PictureHeader content = photo(800, 600);
  EXPECT_EQ(Stylizer(session_, options_, 300 * mebi).plan(content, {content}).limit_bytes,
            500 * mebi);
  limit_memory(0);
  EXPECT_EQ(reserved_in_batch(session_), 0u);
}

}  // namespace
}  // namespace impasto::test
