// Runs of stylize that are stopped, short, refused or absurd.

#include <algorithm>
#include <chrono>
#include <ctime>

#include "impasto/stylizer.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

class Watcher : public Progress {
 public:
  void report(const ProgressReport& r) override {
    EXPECT_GE(r.fraction, fraction);
    EXPECT_LE(r.fraction, 1);
    EXPECT_GE(r.remaining, 0);
    EXPECT_FALSE(r.stage.empty());
    longest_step = std::max(longest_step, r.seconds - seconds);
    seconds = r.seconds;
    fraction = r.fraction;
    ++reports;
  }
  bool cancelled() override { return reports >= cancel_after; }
  bool wants_preview() override { return true; }
  double preview_interval() override { return interval; }
  void preview(const Image& image) override { previews.push_back(image); }

  double fraction = 0, interval = 1;
  double seconds = 0, longest_step = 0;  // of the run, and between two reports
  int reports = 0, cancel_after = 1 << 30;
  std::vector<Image> previews;
};

TEST_F(StylizeTest, ReportsProgressToTheEnd) {
  Watcher watcher;
  options_.size = 200;
  stylize(session_, photo_, {painting_}, options_, watcher);
  EXPECT_EQ(watcher.fraction, 1);
  EXPECT_GE(watcher.reports, 6);
  ASSERT_FALSE(watcher.previews.empty());
  for (const Image& preview : watcher.previews) {
    EXPECT_NEAR(preview.width() / 1.25, preview.height(), 1) << "without the margin";
  }
}

TEST_F(StylizeTest, PreviewsAsOftenAsAsked) {
  Watcher every, never;
  every.interval = 0;
  never.interval = 1e9;
  stylize(session_, photo_, {painting_}, options_, every);
  EXPECT_EQ(static_cast<int>(every.previews.size()), every.reports);
  stylize(session_, photo_, {painting_}, options_, never);
  EXPECT_LE(never.previews.size(), 1u);
}

TEST_F(StylizeTest, GivesThePictureSoFarWhenCancelled) {
  options_.size = 300;
  options_.iterations = 1000;
  for (const int reports : {1, 3}) {
    Watcher watcher;
    watcher.cancel_after = reports;
    const StylizeResult result = stylize(session_, photo_, {painting_}, options_, watcher);
    EXPECT_TRUE(result.cancelled);
    EXPECT_EQ(static_cast<int>(result.losses.size()), reports);
    expect_picture(result.image, 300, 240);
  }
}

TEST_F(StylizeTest, TellsWhenNothingWasPainted) {
  struct Cancelled : Progress {
    bool cancelled() override { return true; }
  } at_once;
  for (const char* start : {"content", "noise", "instant"}) {
    options_.start = start;
    const StylizeResult result = stylize(session_, photo_, {painting_}, options_, at_once);
    EXPECT_TRUE(result.cancelled) << start;
    EXPECT_FALSE(result.painted) << start;
    EXPECT_EQ(result.image.width(), 80) << start;
  }
  EXPECT_TRUE(run().painted);
  use_instant();
  EXPECT_FALSE(stylize(session_, photo_, {painting_}, options_, at_once).painted);
  EXPECT_TRUE(run().painted);
}

// Not only between steps, which may take long.
TEST_F(StylizeTest, StopsInTheMiddleOfAStep) {
  struct Later : Progress {
    static double now() { return static_cast<double>(clock()) / CLOCKS_PER_SEC; }  // of our work
    bool cancelled() override {
      if (now() < begin + 0.5) return false;
      if (asked == 0) asked = now();
      return true;
    }
    double begin = now(), asked = 0;
  } later;
  options_.network = "small";
  options_.precision = Precision::f32;
  options_.size = 2500;
  options_.scales = 1;
  const StylizeResult result = stylize(session_, photo_, {painting_}, options_, later);
  EXPECT_TRUE(result.cancelled);
  EXPECT_TRUE(result.losses.empty()) << "too small a picture for this test";
  EXPECT_LT(Later::now() - later.asked, 1);
}

TEST_F(StylizeTest, KeepsToItsTime) {
  options_.time = 2;
  options_.size = 400;
  Watcher watcher;
  const auto begin = std::chrono::steady_clock::now();
  const StylizeResult result = stylize(session_, photo_, {painting_}, options_, watcher);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_NEAR(seconds, 2, 0.4 + watcher.longest_step);  // one that has begun is finished
  EXPECT_NEAR(result.seconds, seconds, 0.1 + watcher.longest_step);
  EXPECT_EQ(result.losses.back().longer_side, 400) << "every scale gets its share";
  EXPECT_FALSE(result.cancelled);
  expect_picture(result.image, 400, 320);
}

TEST_F(StylizeTest, PaintsSomethingEvenWithoutTime) {
  options_.time = 1e-6;
  options_.size = 200;
  const StylizeResult result = run();
  expect_picture(result.image, 200, 160);
}

TEST_F(StylizeTest, RefusesContradictions) {
  const auto refuse = [&](const std::string& part, auto change) {
    const StylizeOptions before = options_;
    change(options_);
    const std::string message = error_of(ErrorCode::usage, [&] { run(); });
    EXPECT_NE(message.find(part), std::string::npos) << message;
    options_ = before;
  };
  refuse("1 paintings but 2 weights", [](auto& o) { o.style_weights = {1, 1}; });
  refuse("0 or more", [](auto& o) { o.style_weights = {-1}; });
  refuse("0 or more", [](auto& o) { o.style_weights = {NAN}; });
  refuse("weight 0", [](auto& o) { o.style_weights = {0}; });
  refuse("nothing to paint", [](auto& o) { o.content_weight = o.style_weight = 0; });
  refuse("size: expected", [](auto& o) { o.size = -1; });
  refuse("strength: expected", [](auto& o) { o.strength = 101; });
  refuse("strength: expected", [](auto& o) { o.strength = NAN; });
  refuse("style-loss: expected", [](auto& o) { o.style_loss = static_cast<StyleKind>(3); });
  refuse("tv-weight: expected", [](auto& o) { o.tv_weight = -1; });
  refuse("iterations: expected", [](auto& o) { o.iterations = 0; });
  refuse("no layer 'relu9_1'; it has relu1_1", [](auto& o) { o.style_layers = {{"relu9_1", 1}}; });
  refuse("no layer 'conv1_1'", [](auto& o) { o.content_layers = {{"conv1_1", 1}}; });
  EXPECT_NE(error_of(ErrorCode::usage, [&] { run(photo_, {}); }).find("no painting"),
            std::string::npos);
}

TEST_F(StylizeTest, RefusesEmptyPictures) {
  const auto message = [&](const Image& photo, const std::vector<Painting>& styles) {
    return error_of(ErrorCode::input, [&] { run(photo, styles); });
  };
  EXPECT_NE(message(Image(), {painting_}).find("photograph is empty"), std::string::npos);
  EXPECT_NE(message(photo_, {painting_, Image()}).find("painting 2 is empty"), std::string::npos);
}

TEST_F(StylizeTest, PaintsPicturesOfAnySide) {
  for (const int margin : {0, 16}) {
    options_.margin = margin;
    for (const auto& [w, h] : {std::pair{1, 1}, {2, 1}, {1, 40}, {3, 500}, {500, 15}, {31, 33}}) {
      for (const UnknownKind unknown : {UnknownKind::pyramid, UnknownKind::pixels}) {
        SCOPED_TRACE(std::to_string(w) + "x" + std::to_string(h) + " " + name_of(unknown));
        options_.unknown = unknown;
        const Image tiny = run(gradient(w, h), {painting_}).image;
        EXPECT_EQ(tiny.width(), w);
        EXPECT_EQ(tiny.height(), h);
        for (int i = 0; i < 3 * w * h; ++i) ASSERT_TRUE(tiny.data()[i] >= 0 && tiny.data()[i] <= 1);
        expect_picture(run(photo_, {gradient(w, h)}).image, 80, 64);
      }
    }
  }
}

TEST_F(StylizeTest, GivesAnySizeAskedFor) {
  for (const int size : {1, 7, 15}) {
    options_.size = size;
    const Image image = run().image;
    EXPECT_EQ(image.width(), size);
    EXPECT_EQ(image.height(), std::lround(size * 0.8));
  }
}

TEST_F(StylizeTest, NeverTakesMoreMemoryThanThereIs) {
  limit_memory(uint64_t{400} << 20);
  PictureHeader photo, painting;
  photo = {19000, 15200, Samples::u8};
  painting = {64, 64, Samples::u8};
  const std::string message =
      error_of(ErrorCode::memory, [&] { Stylizer(session_, options_).plan(photo, {painting}); });
  EXPECT_NE(message.find("19000x15200"), std::string::npos) << message;
  const size_t at = message.find("`size` ");
  ASSERT_NE(at, std::string::npos) << message;
  const int fits = std::stoi(message.substr(at + 7));
  EXPECT_GE(fits, 16);
  EXPECT_LT(fits, 19000);
}

TEST_F(StylizeTest, KeepsToMaxMemory) {
  for (const Quality quality : {Quality::good, Quality::best, Quality::draft}) {
    SCOPED_TRACE(name_of(quality));
    options_.quality = quality;
    if (quality == Quality::draft) options_.network = "small";
    limit_memory(uint64_t{160} << 20);
    options_.size = 19000;
    const std::string message = error_of(ErrorCode::memory, [&] { run(); });
    EXPECT_NE(message.find("`max-memory`"), std::string::npos) << message;
    EXPECT_NE(message.find("found 160M; `size` "), std::string::npos) << message;
    options_.size = 100;
    EXPECT_EQ(run().image.width(), 100);
    limit_memory(uint64_t{1} << 20);
    const std::string too_small = error_of(ErrorCode::memory, [&] { run(); });
    EXPECT_NE(too_small.find("found 1M; no size would fit"), std::string::npos) << too_small;
  }
}

TEST_F(StylizeTest, RefusesDamagedNetworks) {
  options_.network = folder_ / "missing.pth";
  EXPECT_NE(error_of(ErrorCode::input, [&] { run(); }).find("missing.pth"), std::string::npos);
  options_.network = folder_ / "text.pth";
  store(options_.network, "not a network at all");
  EXPECT_NE(error_of(ErrorCode::input, [&] { run(); }).find("text.pth"), std::string::npos);
}

// Whatever the numbers are, what comes out is a picture.
TEST_F(StylizeTest, SurvivesAbsurdNumbers) {
  options_.iterations = 12;
  const StylizeOptions before = options_;
  const auto survive = [&](const std::string& what, auto change) {
    for (const Precision precision : {Precision::f32, Precision::automatic}) {
      for (const OptimizerKind optimizer : {OptimizerKind::lbfgs, OptimizerKind::adam}) {
        SCOPED_TRACE(what + " " + name_of(precision) + " " + name_of(optimizer));
        options_ = before;
        options_.precision = precision;
        options_.optimizer = optimizer;
        change(options_);
        expect_picture(run().image, 80, 64);
      }
    }
  };
  survive("style 1e12", [](auto& o) { o.style_weight = 1e12; });
  survive("all 1e12", [](auto& o) {
    o.style_weight = o.content_weight = o.tv_weight = 1e12;
    o.style_layers = {{"relu1_1", 1e12}};
    o.content_layers = {{"relu4_2", 1e12}};
  });
  survive("gram 1e12", [](auto& o) {
    o.style_loss = StyleKind::gram;
    o.content_loss = ContentKind::plain;
    o.style_weight = 1e12;
  });
  survive("absolute 1e12", [](auto& o) {
    o.tv_loss = TotalVariationKind::absolute;
    o.tv_weight = 1e12;
  });
  survive("rate 1000", [](auto& o) { o.learning_rate = 1000; });
  survive("rate 1000, pixels", [](auto& o) {
    o.learning_rate = 1000;
    o.unknown = UnknownKind::pixels;
  });
}

TEST_F(StylizeTest, PaintsFlatPictures) {
  for (const float grey : {0.0f, 0.5f, 1.0f}) {
    Image flat(64, 48);
    std::fill_n(flat.data(), 3 * 64 * 48, grey);
    const Image of_flat_photo = run(flat, {painting_}).image,
                of_flat_style = run(photo_, {flat}).image, of_both = run(flat, {flat}).image;
    for (const Image* image : {&of_flat_photo, &of_flat_style, &of_both}) {
      for (int i = 0; i < 3 * image->width() * image->height(); ++i) {
        ASSERT_TRUE(image->data()[i] >= 0 && image->data()[i] <= 1) << grey;
      }
    }
  }
}

}  // namespace
}  // namespace impasto::test
