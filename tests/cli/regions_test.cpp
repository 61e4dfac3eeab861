// --mask and --region through the program.

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

class CliRegionsTest : public CliTest {
 protected:
  CliRegionsTest() {
    write_half(mask_, 40, 20, 0, 20);
    write_half(right_, 40, 20, 20, 40);
  }
  // White from a column to another.
  static void write_half(const std::string& path, int width, int height, int from, int to) {
    Image mask(width, height);
    for (int y = 0; y < height; ++y) std::fill(mask.row(y) + 3 * from, mask.row(y) + 3 * to, 1.0f);
    write_image(mask, path);
  }
  void expect_done(const Words& words) {
    const Outcome outcome = run_program(words);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }
  // The pixels of columns of a file, as its levels.
  static std::vector<long> levels(const std::string& path, double from, double to, int top = 255) {
    const Image image = read_image(path);
    std::vector<long> result;
    for (int y = 0; y < image.height(); ++y) {
      for (int i = static_cast<int>(3 * from * image.width());
           i < static_cast<int>(3 * to * image.width()); ++i) {
        result.push_back(std::lround(static_cast<double>(image.row(y)[i]) * top));
      }
    }
    return result;
  }

  std::string mask_ = folder_ / "left.png", right_ = folder_ / "right.png";
};

TEST_F(CliRegionsTest, WhatTheMaskLeavesHasTheSameBytes) {
  expect_done(stylize({"--mask", mask_}));
  EXPECT_EQ(levels(out_, 0.53, 1), levels(photo_, 0.53, 1));
  EXPECT_NE(levels(out_, 0, 0.45), levels(photo_, 0, 0.45));
  for (const char* quality : {"draft", "good"}) {
    expect_done({"stylize", photo_, "--style", painting_, "-o", out_, "--mask", mask_, "--quality",
                 quality, "--threads", "1"});
    EXPECT_EQ(levels(out_, 0.53, 1), levels(photo_, 0.53, 1)) << quality;
  }
}

TEST_F(CliRegionsTest, SixteenBitsAndProfilesComeThroughToo) {
  const std::string deep = folder_ / "deep.png", wide = folder_ / "p3.png";
  std::vector<uint16_t> sixteen;
  for (int i = 0; i < 64 * 48 * 3; ++i)
    sixteen.push_back(static_cast<uint16_t>((i * 7919) % 65536));
  save_raw(deep, sixteen.data(), 64, 48, 3, Space::rgb16);
  std::vector<uint8_t> eight;
  for (int i = 0; i < 64 * 48 * 3; ++i) eight.push_back(static_cast<uint8_t>((i * 7919) % 256));
  save_raw(wide, eight.data(), 64, 48, 3, Space::rgb, built_in_profile("p3"));
  for (const std::string& photo : {deep, wide}) {
    for (const char* quality : {"draft", "best"}) {
      Words words = stylize(photo, painting_, out_, {"--mask", mask_, "--quality", quality});
      if (std::string(quality) == "draft") {
        words = {"stylize", photo, "--style",   painting_, "-o",        out_,
                 "--mask",  mask_, "--quality", "draft",   "--threads", "1"};
      }
      expect_done(words);
      const int top = photo == deep ? 65535 : 255;
      EXPECT_EQ(levels(out_, 0.53, 1, top), levels(photo, 0.53, 1, top)) << photo << quality;
      EXPECT_EQ(has_field(out_, "icc-profile-data"), photo == wide);
    }
  }
}

TEST_F(CliRegionsTest, RegionsNeedNoStyleForTheRest) {
  expect_done({"stylize", photo_, "--region", right_ + "=" + painting_ + ":80", "-o", out_,
               "--network", network_, "--iterations", "3", "--threads", "1"});
  EXPECT_EQ(levels(out_, 0, 0.47), levels(photo_, 0, 0.47));
  EXPECT_NE(levels(out_, 0.6, 1), levels(photo_, 0.6, 1));
}

TEST_F(CliRegionsTest, TheRecipeRepeatsThem) {
  const std::string again = folder_ / "again.png";
  expect_done(stylize({"--mask", mask_, "--region", right_ + "=" + painting_ + ":80", "--region",
                       mask_ + "=" + photo_, "--feather", "3"}));
  expect_done({"stylize", "--replay", out_, "-o", again});
  EXPECT_EQ(levels(again, 0, 1), levels(out_, 0, 1));
  const std::string recipe = read_recipe(out_);
  EXPECT_THAT(recipe, testing::HasSubstr("right.png"));
  EXPECT_THAT(recipe, testing::HasSubstr("\"strength\":80"));
}

TEST_F(CliRegionsTest, OneMaskServesAFolder) {
  const std::string results = folder_ / "results", second = folder_ / "second.png";
  write_image(synthetic_picture(60, 70, 3), second);
  const Words words = {"stylize", photo_,  second,      "--region", mask_ + "=" + painting_,
                       "-o",      results, "--quality", "draft",    "--threads",
                       "1"};
  expect_done(words);
  EXPECT_EQ(levels(results + "/photo.png", 0.53, 1), levels(photo_, 0.53, 1));
  EXPECT_EQ(levels(results + "/second.png", 0.53, 1), levels(second, 0.53, 1));
  EXPECT_THAT(run_program(words).err, testing::HasSubstr("2 done before"));
  write_half(mask_, 40, 20, 0, 10);
  EXPECT_THAT(run_program(words).err, testing::HasSubstr("2 painted")) << "another mask";
}

TEST_F(CliRegionsTest, SweepsKeepToTheMask) {
  expect_done(stylize({"--mask", mask_, "--sweep", "strength=20,80", "--size", "80"}));
  EXPECT_EQ(read_image(out_).width(), 164);
}

TEST_F(CliRegionsTest, RefusesWhatCannotBeMeant) {
  const std::string black = folder_ / "black.png";
  write_image(Image(8, 8), black);
  expect_refused(stylize({"--mask", black}), input, "black.png");
  expect_refused(stylize({"--region", black + "=" + painting_}), input, "black.png");
  expect_refused(stylize({"--mask", folder_ / "none.png"}), input, "none.png");
  expect_refused(stylize({"--region", mask_}), usage, "MASK=PAINTING");
  expect_refused(stylize({"--region", "=" + painting_}), usage, "MASK=PAINTING");
  expect_refused(stylize({"--region", mask_ + "=" + painting_ + ":101"}), usage, "0 to 100");
  expect_refused(stylize({"--region", mask_ + "=" + (folder_ / "none.jpg")}), input, "none.jpg");
  expect_refused(stylize({"--feather", "4"}), usage, "--mask");
  expect_refused(stylize(photo_, painting_, mask_, {"--mask", mask_}), usage, "overwrite");
}

}  // namespace
}  // namespace impasto::test
