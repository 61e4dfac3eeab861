// stylize() with the method "instant", on a decoder with random weights: pictures in, pictures out.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "formats/expect_error.h"
#include "impasto/stylize.h"
#include "instant/instant.h"
#include "support/instant_network.h"
#include "support/synthetic.h"

namespace impasto::test {
namespace {

double difference(const Image& a, const Image& b) {
  double sum = 0;
  const int64_t count = int64_t{3} * a.width() * a.height();
  for (int64_t i = 0; i < count; ++i) sum += std::abs(a.data()[i] - b.data()[i]);
  return sum / static_cast<double>(count);
}

class InstantTest : public testing::Test {
 protected:
  InstantTest() {
    options_.method = Method::instant;
    options_.network = path_;
    write_instant_network(path_);
  }
  ~InstantTest() override { std::remove(path_.c_str()); }
  StylizeResult run(const Image& photo, const std::vector<Painting>& styles) {
    Progress quiet;
    return stylize(session_, photo, styles, options_, quiet);
  }
  Image paint() { return run(photo_, {painting_}).image; }

  Session session_{{.threads = 1}};
  const std::string path_ =
      testing::TempDir() + "instant_test" + std::to_string(getpid()) + ".safetensors";
  const Image photo_ = synthetic_picture(70, 50, 1), painting_ = synthetic_picture(60, 80, 2),
              other_ = synthetic_picture(90, 40, 3);
  StylizeOptions options_;
};

TEST_F(InstantTest, PaintsExactlyThePhotographsSizeWhateverItIs) {
  for (const auto& [w, h] : {std::pair{70, 50}, {64, 48}, {16, 16}, {17, 201}, {111, 16}}) {
    const StylizeResult result = run(synthetic_picture(w, h, 4), {painting_});
    EXPECT_EQ(result.image.width(), w);
    EXPECT_EQ(result.image.height(), h);
    EXPECT_GT(result.planned_bytes, 0u);
    EXPECT_FALSE(result.cancelled);
    for (int64_t i = 0; i < int64_t{3} * w * h; ++i) {
      ASSERT_TRUE(result.image.data()[i] >= 0 && result.image.data()[i] <= 1);
    }
  }
  options_.size = 96;
  EXPECT_EQ(run(photo_, {painting_}).image.width(), 96);
}

TEST_F(InstantTest, KeepsAlphaAndMetadata) {
  Image photo = photo_;
  photo.alpha.assign(size_t{70} * 50, 0.25f);
  photo.metadata["xmp"] = {1, 2, 3};
  const Image image = run(photo, {painting_}).image;
  EXPECT_EQ(image.alpha, photo.alpha);
  EXPECT_EQ(image.metadata, photo.metadata);
}

TEST_F(InstantTest, ObeysItsOptions) {
  const Image usual = paint();
  EXPECT_EQ(difference(usual, paint()), 0);
  const auto change = [&](auto StylizeOptions::*member, auto value) {
    const StylizeOptions before = options_;
    options_.*member = value;
    const double d = difference(usual, paint());
    options_ = before;
    return d;
  };
  EXPECT_GT(change(&StylizeOptions::strength, 20.0), 1e-3);
  EXPECT_GT(change(&StylizeOptions::strength, 100.0), 1e-5);
  EXPECT_GT(change(&StylizeOptions::seed, uint64_t{2}), 1e-4);
  EXPECT_GT(change(&StylizeOptions::style_scale, 0.5), 1e-4);
  // Eight bits of mantissa against 24.
  EXPECT_LT(change(&StylizeOptions::precision, Precision::f32), 0.05);
}

TEST_F(InstantTest, MixesStylesByWeight) {
  const Image one = paint(), two = run(photo_, {other_}).image;
  options_.style_weights = {3, 1};
  const Image mixed = run(photo_, {painting_, other_}).image;
  EXPECT_LT(difference(mixed, one), difference(mixed, two));
  options_.style_weights = {1, 0};
  EXPECT_LT(difference(run(photo_, {painting_, other_}).image, one), 1e-6);
}

TEST_F(InstantTest, ReturnsThePhotographWhenItIsCancelled) {
  struct Cancelled : Progress {
    bool cancelled() override { return true; }
  } progress;
  const StylizeResult result = stylize(session_, photo_, {painting_}, options_, progress);
  EXPECT_TRUE(result.cancelled);
  EXPECT_EQ(result.image.width(), 70);
}

TEST_F(InstantTest, RefusesOtherFiles) {
  NamedTensors lacking = random_decoder();
  lacking.erase("level2.a.weight");
  write_safetensors(path_, lacking, DType::f32, {{"impasto.format", "instant-4"}});
  expect_error(ErrorCode::input, "has no tensor 'level2.a.weight'", [&] { paint(); });
  write_safetensors(path_, random_decoder(), DType::f32, {{"impasto.format", "instant-1"}});
  expect_error(
      ErrorCode::input,
      "expected a network for `method` instant (instant-4), found instant-1: train it anew",
      [&] { paint(); });
  write_safetensors(path_, random_decoder());
  expect_error(ErrorCode::input, "found another kind of network", [&] { paint(); });
  options_.network = "/nowhere/at/all.safetensors";
  expect_error(ErrorCode::input, "/nowhere/at/all.safetensors", [&] { paint(); });
}

TEST_F(InstantTest, RefusesStatisticsOfAnotherEncoder) {
  NamedTensors tensors = random_decoder();
  tensors["code.mean"] = tensors["code.deviation"] = Tensor::full({40}, 1);
  write_safetensors(path_, tensors, DType::f32, {{"impasto.format", "instant-4"}});
  expect_error(ErrorCode::input, "the decoder is for styles of 40 numbers", [&] { paint(); });
}

// Large pictures are painted window by window, which must not show.
TEST_F(InstantTest, PaintsTheSameInWindows) {
  options_.precision = Precision::f32;
  const auto photo = std::make_shared<const Image>(synthetic_picture(725, 601, 4));
  const auto painting = std::make_shared<const Painting>(painting_);
  const Size size{725, 601};
  Progress quiet;
  Instant whole(options_), windows(options_, 1);
  const StylizeResult one = whole.paint(photo, {painting}, size, quiet);
  const StylizeResult many = windows.paint(photo, {painting}, size, quiet);
  EXPECT_LT(windows.working_bytes({*painting}, size, 1),
            whole.working_bytes({*painting}, size, usual_window_bytes));
  ASSERT_EQ(many.image.width(), 725);
  ASSERT_EQ(many.image.height(), 601);
  EXPECT_LT(difference(many.image, one.image), 2e-4);
}

TEST_F(InstantTest, LeavesThePhotographWhereItWasStopped) {
  class OneWindow : public Progress {
   public:
    void report(const ProgressReport& r) override { begun_ = begun_ || r.fraction > 0.6; }
    bool cancelled() override { return begun_; }

   private:
    bool begun_ = false;
  };
  const auto photo = std::make_shared<const Image>(synthetic_picture(725, 601, 4));
  OneWindow progress;
  const StylizeResult result =
      Instant(options_, 1)
          .paint(photo, {std::make_shared<const Painting>(painting_)}, {725, 601}, progress);
  EXPECT_TRUE(result.cancelled);
  EXPECT_NE(result.image.row(0)[0], photo->row(0)[0]);
  EXPECT_EQ(result.image.row(600)[3 * 724], photo->row(600)[3 * 724]);
}

}  // namespace
}  // namespace impasto::test
