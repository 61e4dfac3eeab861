// --colors and --palette through the program.

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

/// Mean red minus blue.
double warmth(const std::string& file) {
  const Image image = read_image(file);
  const int n = image.width() * image.height();
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += image.data()[3 * i] - image.data()[3 * i + 2];
  return sum / n;
}

/// A cool photograph and a warm painting.
class ColoursCli : public CliTest {
 protected:
  ColoursCli() {
    const auto write = [](const std::string& path, uint64_t seed, int faded) {
      Image image = synthetic_picture(80, 64, seed);
      for (int i = faded; i < 3 * 80 * 64; i += 3) image.data()[i] *= 0.3f;
      write_image(image, path);
    };
    write(photo_, 1, 0);
    write(painting_, 2, 2);
  }
};

TEST_F(ColoursCli, KeepsThePhotographsColoursWithEveryQuality) {
  for (const char* quality : {"draft", "good", "best"}) {
    const auto painted = [&](const std::string& colors) {
      Words words = {"stylize",   photo_,  "--style",   painting_, "-o",       out_,
                     "--quality", quality, "--threads", "1",       "--colors", colors};
      if (quality != std::string("draft")) words.insert(words.end(), {"--iterations", "12"});
      const Outcome outcome = run_program(words);
      EXPECT_EQ(outcome.status, 0) << outcome.err;
      return warmth(out_);
    };
    EXPECT_GT(painted("style"), 0) << quality;
    for (const char* colors : {"match", "content", "luminance"}) {
      EXPECT_NEAR(painted(colors), warmth(photo_), 0.06) << quality << " " << colors;
    }
  }
}

TEST_F(ColoursCli, SweepsThePaletteAndTellsItInTheRecipe) {
  const Words sweep = {"--sweep", "palette=0:100:3"};
  Words words = stylize(photo_, painting_, folder_ / "f_%d.png", sweep);
  Outcome outcome = run_program(words);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  double before = -1;
  for (const char* frame : {"f_1.png", "f_2.png", "f_3.png"}) {
    const double now = warmth(folder_ / frame);
    EXPECT_GT(now, before) << frame;
    before = now;
  }
  outcome = run_program({"stylize", "--replay", folder_ / "f_2.png", "-o", out_});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NEAR(warmth(out_), warmth(folder_ / "f_2.png"), 1e-3);
}

TEST_F(ColoursCli, EverySizeAndFoldersToo) {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 500}, {513, 511}}) {
    write_image(synthetic_picture(width, height, 3), photo_);
    for (const char* colors : {"match", "content", "luminance"}) {
      const Outcome outcome = run_program({"stylize", photo_, "-s", painting_, "-o", out_,
                                           "--quality", "draft", "--colors", colors});
      ASSERT_EQ(outcome.status, 0) << outcome.err;
      EXPECT_EQ(read_image(out_).width(), width);
      EXPECT_EQ(read_image(out_).height(), height);
    }
  }
  const Outcome outcome = run_program({"stylize", folder_.path(), "-s", painting_, "-o",
                                       folder_ / "all", "--quality", "draft", "--colors", "match"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(names_in(folder_ / "all").count("photo.png"), 1u);
}

TEST_F(ColoursCli, RefusesAPaletteThatIsNotThere) {
  expect_refused(stylize({"--colors", "match", "--palette", "50"}), usage,
                 "--palette and --colors match contradict each other");
  expect_refused(stylize({"--colors", "content", "--sweep", "palette=0:100:3"}), usage,
                 "--palette and --colors content");
  expect_refused(stylize({"--colors", "sepia"}), usage, "style|content|luminance|match");
  expect_refused(stylize({"--palette", "101"}), usage, "--palette: expected");
}

}  // namespace
}  // namespace impasto::test
