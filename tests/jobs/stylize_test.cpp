// What a run of stylize gives.

#include <algorithm>
#include <sstream>

#include "base/parallel.h"
#include "formats/expect_error.h"
#include "impasto/assess.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

TEST_F(StylizeTest, KeepsOddSizes) {
  options_.iterations = 2;
  for (const auto& [w, h] : std::vector<std::pair<int, int>>{
           {67, 53}, {16, 16}, {17, 91}, {16, 200}, {200, 16}, {97, 96}}) {
    const StylizeResult result = run(synthetic_picture(w, h, 1), {painting_});
    SCOPED_TRACE(std::to_string(w) + "x" + std::to_string(h));
    expect_picture(result.image, w, h);
  }
}

TEST_F(StylizeTest, ReachesTheSizeThatIsAskedFor) {
  options_.iterations = 2;
  for (const int size : {16, 50, 133, 200}) {
    options_.size = size;
    const StylizeResult result = run();
    expect_picture(result.image, size, static_cast<int>(std::lround(size * 0.8)));
    EXPECT_EQ(result.losses.back().longer_side, size);
  }
}

TEST_F(StylizeTest, ReportsEveryStepAndFalls) {
  options_.iterations = 15;
  const StylizeResult result = run();
  ASSERT_EQ(result.losses.size(), 15u);
  for (size_t i = 0; i < 15; ++i) {
    EXPECT_EQ(result.losses[i].step, static_cast<int>(i) + 1);
    EXPECT_EQ(result.losses[i].longer_side, 80);
    EXPECT_TRUE(std::isfinite(loss(result.losses[i])));
  }
  EXPECT_LT(loss(result.losses.back()), 0.5 * loss(result.losses.front()));
  EXPECT_FALSE(result.cancelled);
  EXPECT_GT(result.seconds, 0);
  EXPECT_GT(result.planned_bytes, size_t{80} * 64 * 8 * 2);
  EXPECT_EQ(result.network_sha256.size(), 64u);
}

TEST_F(StylizeTest, PaintsFromCoarseToFine) {
  options_.iterations = 2;
  options_.size = 300;
  const StylizeResult result = run();
  std::vector<int> sides;
  for (const LossPoint& p : result.losses) {
    if (sides.empty() || sides.back() != p.longer_side) sides.push_back(p.longer_side);
  }
  EXPECT_GE(sides.size(), 3u);
  EXPECT_TRUE(std::is_sorted(sides.begin(), sides.end()));
  EXPECT_EQ(sides.back(), 300);
}

TEST_F(StylizeTest, WithoutStrengthLeavesThePhotograph) {
  options_.strength = 0;
  options_.iterations = 20;
  const StylizeResult result = run();
  // Nothing pulls it away at any scale; L-BFGS may follow rounding errors a little.
  double difference = 0;
  for (int i = 0; i < 3 * 80 * 64; ++i) {
    difference += std::abs(result.image.data()[i] - photo_.data()[i]) / (3 * 80 * 64);
  }
  EXPECT_LT(difference, 0.002);
  EXPECT_LT(max_difference(result.image, photo_), 0.02);
}

TEST_F(StylizeTest, WithMoreStrengthComesCloserToThePainting) {
  options_.iterations = 30;
  options_.precision = Precision::f32;  // little is asked for at 5, less than bf16 tells apart
  double before_style = INFINITY, before_content = 0;
  for (const double strength : {5.0, 30.0, 65.0, 100.0}) {
    options_.strength = strength;
    const StylizeResult result = run();
    const double style = assess(session_, photo_, {painting_}, options_, result).style;
    EXPECT_LT(style, before_style) << strength;
    EXPECT_GT(term(result, "content"), before_content) << strength;
    before_style = style;
    before_content = term(result, "content");
  }
}

TEST_F(StylizeTest, WithMuchDetailKeepsEdgesAtAnyStrength) {
  options_.iterations = 30;
  options_.strength = 100;
  double before = 0;
  for (const double detail : {50.0, 75.0, 100.0}) {
    options_.detail = detail;
    const StylizeResult result = run();
    const double edges = assess(session_, photo_, {painting_}, options_, result).edge_ssim;
    EXPECT_GT(edges, before) << detail;
    before = edges;
    const auto& terms = result.losses.back().terms;
    const bool asked = std::any_of(terms.begin(), terms.end(),
                                   [](const auto& term) { return term.first == "edges"; });
    EXPECT_EQ(asked, detail > 50);
  }
}

TEST_F(StylizeTest, GivesTheSameBytesForTheSameSeed) {
  options_.start = "noise";
  options_.seed = 7;
  const Image first = run().image;
  EXPECT_TRUE(same(run().image, first));
  options_.seed = 8;
  EXPECT_FALSE(same(run().image, first));
  options_.start = "content";
  const Image from_content = run().image;
  EXPECT_TRUE(same(run().image, from_content));
  EXPECT_FALSE(same(from_content, first));
}

TEST_F(StylizeTest, GivesTheSameBytesOnSeveralThreads) {
  session_ = Session({.threads = 2});
  const Image first = run().image;
  EXPECT_TRUE(same(run().image, first));
}

TEST_F(StylizeTest, MixesPaintingsByTheirWeights) {
  const Image other = synthetic_picture(60, 60, 5);
  const Image only_first = run(photo_, {painting_}).image;
  options_.style_weights = {1, 0};
  EXPECT_TRUE(same(run(photo_, {painting_, other}).image, only_first));
  options_.style_weights = {2, 2};
  const Image even = run(photo_, {painting_, other}).image;
  EXPECT_FALSE(same(even, only_first));
  options_.style_weights = {};
  EXPECT_TRUE(same(run(photo_, {painting_, other}).image, even)) << "alike when not given";
  options_.style_weights = {3, 1};
  const Image uneven = run(photo_, {painting_, other}).image;
  EXPECT_FALSE(same(uneven, even));
}

TEST_F(StylizeTest, StartsFromAPicture) {
  options_.iterations = 1;
  options_.margin = 0;
  options_.start = folder_ / "start.png";
  write_image(synthetic_picture(40, 32, 6), options_.start);
  // One step evaluates the start and goes no further than it reports.
  const StylizeResult from_picture = run();
  options_.start = "content";
  const StylizeResult from_content = run();
  EXPECT_GT(term(from_picture, "content"), 100 * (1 + term(from_content, "content")));
  EXPECT_LT(max_difference(from_content.image, photo_), 1e-4) << "the best point is the start";
  options_.start = folder_ / "missing.png";
  EXPECT_NE(error_of(ErrorCode::input, [&] { run(); }).find("missing.png"), std::string::npos);
}

TEST_F(StylizeTest, GivesAsManyBitsAsAsked) {
  options_.iterations = 1;
  for (const int bits : {8, 16}) {
    photo_.bits = bits;
    for (const std::optional<int> asked : {std::optional<int>(), {8}, {16}}) {
      options_.bits = asked;
      EXPECT_EQ(run().image.bits, asked.value_or(bits));
    }
  }
}

TEST_F(StylizeTest, KeepsAlphaAndMetadata) {
  options_.iterations = 1;
  photo_ = gradient(80, 64, true);
  photo_.metadata["exif"] = exif_block(1);
  const StylizeResult same_size = run();
  EXPECT_EQ(same_size.image.alpha, photo_.alpha);
  EXPECT_EQ(same_size.image.metadata, photo_.metadata);
  options_.size = 40;
  const StylizeResult smaller = run();
  EXPECT_EQ(smaller.image.alpha.size(), 40u * 32);
  EXPECT_EQ(smaller.image.metadata, photo_.metadata);
  photo_ = gradient(80, 64);
  EXPECT_TRUE(run().image.alpha.empty());
}

TEST_F(StylizeTest, WorksWithEveryChoice) {
  options_.iterations = 8;
  const StylizeOptions defaults = options_;
  const auto try_out = [&](const std::string& name, const std::string& value) {
    SCOPED_TRACE(name + " " + value);
    options_ = defaults;
    find_option(stylize_options(), name)->set(options_, value);
    const StylizeResult result = run();
    expect_picture(result.image, 80, 64);
    double best = INFINITY;
    for (const LossPoint& p : result.losses) best = std::min(best, loss(p));
    // Adam's first steps are larger than such short runs can mend; a photograph without style is
    // at its minimum from the start.
    if (value != "adam" && name + value != "style-weight0") {
      EXPECT_LT(best, loss(result.losses.front()));
    }
  };
  for (const OptionInfo& option : stylize_options()) {
    if (option.kind != OptionKind::choice || option.name == "method" || option.name == "quality") {
      continue;
    }
    for (const std::string& value : option.choices) {
      if (value != "bf16" || make_cpu_backend()->supports(DType::bf16)) {
        try_out(option.name, value);
      }
    }
  }
  try_out("start", "noise");
  try_out("margin", "0");
  try_out("margin", "100");
  try_out("style-scale", "0.1");
  try_out("style-scale", "4");
  try_out("detail", "0");
  try_out("detail", "100");
  try_out("scales", "1");
  try_out("content-weight", "0");
  try_out("style-weight", "0");
  try_out("tv-weight", "0");
  try_out("style-layers", "relu2_1");
}

// Each thing in the manner of what resembles it; with several paintings, in each its own.
TEST_F(StylizeTest, MatchesWhatIsAlike) {
  options_.network = "small";
  photo_ = resize(synthetic_picture(80, 64, 1), 160, 128);
  const StylizeResult plain = run();
  options_.match = 60;
  const StylizeResult matched = run();
  EXPECT_GT(max_difference(plain.image, matched.image), 0.02);
  EXPECT_LT(matched.losses.back().terms[1].second, matched.losses.front().terms[1].second);
  options_.style_weights = {2, 1};
  const StylizeResult mixed = run(photo_, {painting_, synthetic_picture(96, 72, 5)});
  EXPECT_GT(max_difference(mixed.image, matched.image), 0.02);
  options_.style_weights = {1, 0};
  const StylizeResult first = run(photo_, {painting_, synthetic_picture(96, 72, 5)});
  EXPECT_LT(max_difference(first.image, matched.image), 1e-3) << "of weight 0 nothing is seen";
}

TEST_F(StylizeTest, RefusesToMatchWhatHasNoParts) {
  options_.match = 60;
  const Painting learned = as_style_file(80);
  expect_error(ErrorCode::usage, "painting 1 is a style file", [&] { run(photo_, {learned}); });
  Image half(80, 64);
  for (int y = 0; y < 64; ++y) std::fill_n(half.row(y), 120, 1.0f);
  Regions regions;
  regions.mask = std::make_shared<const Image>(half);
  Progress quiet;
  expect_error(ErrorCode::usage, "`match` finds what is painted like what",
               [&] { (void)stylize(session_, photo_, {painting_}, regions, options_, quiet); });
}

}  // namespace
}  // namespace impasto::test
