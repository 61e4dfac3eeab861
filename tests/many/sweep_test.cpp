// The cells of a sweep are what single runs paint, and so is the sheet.

#include <gmock/gmock.h>

#include "formats/expect_error.h"
#include "impasto/sweep.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

struct Cells : SweepProgress {
  void report(const ProgressReport& r) override {
    EXPECT_GE(r.fraction, fraction);
    EXPECT_LE(r.fraction, 1);
    fraction = r.fraction;
    stage = r.stage;
  }
  bool cancelled() override { return pictures.size() >= stop_after; }
  void finished(size_t cell, const StylizeOptions& o, const StylizeResult& result) override {
    EXPECT_EQ(cell, pictures.size());
    pictures.push_back(result.image);
    options.push_back(o);
  }
  double fraction = 0;
  std::string stage;
  size_t stop_after = SIZE_MAX;
  std::vector<Image> pictures;
  std::vector<StylizeOptions> options;
};

class SweepTest : public StylizeTest {
 protected:
  SweepResult paint(const Sweep& sweep, const std::vector<Painting>& paintings, Cells& cells) {
    std::vector<SharedPainting> styles;
    for (const Painting& p : paintings) styles.push_back(std::make_shared<const Painting>(p));
    return stylize_sweep(session_, std::make_shared<const Image>(photo_), styles, sweep, cells);
  }
  void expect_as_alone(const std::vector<std::string>& texts,
                       const std::vector<Painting>& paintings) {
    const Sweep sweep = plan_sweep(texts, options_, paintings.size());
    Cells cells;
    const SweepResult result = paint(sweep, paintings, cells);
    EXPECT_EQ(result.painted, sweep.cells.size());
    EXPECT_FALSE(result.cancelled);
    EXPECT_EQ(cells.fraction, 1);
    ASSERT_EQ(cells.pictures.size(), sweep.cells.size());
    const StylizeOptions before = options_;
    for (size_t i = 0; i < sweep.cells.size(); ++i) {
      options_ = sweep.cells[i];
      SCOPED_TRACE(texts.front() + " " + std::to_string(i));
      EXPECT_TRUE(same(cells.pictures[i], run(photo_, paintings).image));
      if (i > 0) {
        EXPECT_FALSE(same(cells.pictures[i], cells.pictures[i - 1]));
      }
    }
    options_ = before;
  }

  const Image other_ = synthetic_picture(60, 50, 7);
};

TEST_F(SweepTest, PaintsAtOnceAsAlone) {
  use_instant();
  expect_as_alone({"strength=0:100:5"}, {painting_});
  expect_as_alone({"style-scale=0.5,1,2", "seed=1,2"}, {painting_});
  expect_as_alone({"styles:3"}, {painting_, other_});
  expect_as_alone({"styles:3"}, {painting_, other_, photo_, synthetic_picture(50, 80, 9)});
}

TEST_F(SweepTest, OptimizesAsAlone) {
  expect_as_alone({"strength=10:90:2", "detail=0:100:2"}, {painting_});
  expect_as_alone({"content-weight=0,100"}, {painting_});
  expect_as_alone({"iterations=1,8"}, {painting_});
  expect_as_alone({"styles:3"}, {painting_, other_});
}

TEST_F(SweepTest, HasThePaintingsAtItsEnds) {
  use_instant();
  Cells cells;
  paint(plan_sweep({"styles:3"}, options_, 2), {painting_, other_}, cells);
  EXPECT_TRUE(same(cells.pictures[0], run(photo_, {painting_}).image));
  EXPECT_TRUE(same(cells.pictures[2], run(photo_, {other_}).image));
}

TEST_F(SweepTest, KeepsWhatIsDoneWhenItIsCancelled) {
  use_instant();
  Cells cells;
  cells.stop_after = 2;
  const SweepResult result = paint(plan_sweep({"seed=1:4:4"}, options_, 1), {painting_}, cells);
  EXPECT_TRUE(result.cancelled);
  EXPECT_EQ(result.painted, 2u);
  EXPECT_THAT(cells.stage, testing::StartsWith("cell 3 of 4, "));
}

TEST_F(SweepTest, ChecksThePicturesFirst) {
  use_instant();
  Cells cells;
  const Sweep sweep = plan_sweep({"seed=1:4:4"}, options_, 1);
  expect_error(ErrorCode::usage, "no painting", [&] { paint(sweep, {}, cells); });
  expect_error(ErrorCode::input, "painting 1 is empty", [&] { paint(sweep, {Image()}, cells); });
  EXPECT_TRUE(cells.pictures.empty());
}

TEST_F(SweepTest, LaysCellsOnASheet) {
  Sweep sweep = plan_sweep({"seed=1:3:3", "strength=0,50"}, options_, 1);
  SweepSheet sheet(session_, sweep, photo_);
  EXPECT_TRUE(sheet.image().empty());
  EXPECT_EQ(sweep.cells[0].size, 0) << "as large as the photograph: nothing to limit";
  Image cell = synthetic_picture(80, 64, 5);
  cell.bits = 16;
  cell.metadata["icc"] = {1, 2, 3};
  cell.metadata["exif"] = {4, 5};
  sheet.add(4, cell);
  const Image& image = sheet.image();
  ASSERT_EQ(image.width(), 3 * 80 + 2 * 4);
  ASSERT_EQ(image.height(), 2 * 64 + 4);
  EXPECT_EQ(image.bits, 16);
  EXPECT_EQ(image.metadata.size(), 1u);
  EXPECT_EQ(image.metadata.at("icc"), cell.metadata.at("icc"));
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const bool inside = x >= 84 && x < 164 && y >= 68;
      for (int c = 0; c < 3; ++c) {
        const float expected = inside ? cell.row(y - 68)[3 * (x - 84) + c] : 1;
        ASSERT_EQ(image.row(y)[3 * x + c], expected) << x << "," << y;
      }
    }
  }
}

TEST_F(SweepTest, LaysNothingBesideASheet) {
  Sweep sweep = plan_sweep({"seed=1:3:3"}, options_, 1);
  SweepSheet sheet(session_, sweep, photo_);
  const auto refuse = [&](size_t cell, const Image& picture, const std::string& part) {
    expect_error(ErrorCode::internal, part, [&] { sheet.add(cell, picture); });
  };
  refuse(0, Image(), "got cell 0 of 0x0");
  refuse(3, Image(80, 64), "a sheet of 3 cells of 0x0 got cell 3");
  sheet.add(2, Image(80, 64));
  refuse(1, Image(81, 64), "of 80x64 got cell 1 of 81x64");
  refuse(1, Image(80, 65), "80x65");
  refuse(SIZE_MAX, Image(80, 64), "got cell");
  sheet.add(1, Image(80, 64, Samples::u8));
}

TEST_F(SweepTest, KeepsSheetsInBounds) {
  const auto sides = [this](Sweep sweep, int width, int height) {
    const Image content(width, height);
    SweepSheet sheet(session_, sweep, content);
    const Size cell = result_size(content, sweep.cells.back().size);
    sheet.add(0, Image(cell.width, cell.height));
    return std::pair(sheet.image().width(), sheet.image().height());
  };
  const Sweep strip = plan_sweep({"seed=1:5:5"}, options_, 1);
  EXPECT_EQ(sides(strip, 300, 200), std::pair(5 * 300 + 16, 200));
  for (const auto& [width, height] :
       {std::pair(1000, 700), {4000, 3000}, {3000, 4000}, {817, 99}}) {
    const auto [w, h] = sides(strip, width, height);
    EXPECT_LE(w, 4096) << width;
    EXPECT_GT(w, 4080) << width << ": no smaller than need be";
    EXPECT_LE(h, 4096) << width;
  }
  const auto [w, h] = sides(plan_sweep({"seed=1:2:2", "detail=0:100:6"}, options_, 1), 2000, 3000);
  EXPECT_LE(h, 4096);
  EXPECT_GT(h, 4080);
  EXPECT_LT(w, h);
  EXPECT_EQ(sides(strip, 5, 3), std::pair(5 * 5 + 16, 3));
  expect_error(ErrorCode::usage, "frames",
               [&] { sides(plan_sweep({"strength=0:100:400"}, options_, 1), 500, 400); });
  options_.size = 1200;
  EXPECT_EQ(sides(plan_sweep({"seed=1:5:5"}, options_, 1), 300, 200), std::pair(6016, 800));
  options_.size = 4000;
  expect_error(ErrorCode::usage,
               "size 4000: expected a sheet of at most 16000 pixels a side, found 5x1 cells with",
               [&] { sides(plan_sweep({"seed=1:5:5"}, options_, 1), 300, 200); });
}

}  // namespace
}  // namespace impasto::test
