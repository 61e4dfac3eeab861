// impasto doodle.

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

class CliDoodleTest : public CliTest {
 protected:
  CliDoodleTest() {
    write_map(style_map_, 64, 64, 30, 1);
    write_map(map_, 90, 60, 20, 1);
  }
  // Red above a row, below it blue of some strength.
  static void write_map(const std::string& path, int width, int height, int row, float blue) {
    Image map(width, height);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) map.row(y)[3 * x + (y < row ? 0 : 2)] = y < row ? 1 : blue;
    }
    write_image(map, path);
  }
  Words doodle(const Words& more = {}) const {
    Words words = {"doodle", "--style", painting_,   "--style-map", style_map_,  "--map", map_,
                   "-o",     out_,      "--network", network_,      "--threads", "1"};
    if (std::find(more.begin(), more.end(), "--time") == more.end()) {
      words.insert(words.end(), {"--iterations", "3"});
    }
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  std::string style_map_ = folder_ / "a.png", map_ = folder_ / "b.png";
};

TEST_F(CliDoodleTest, PaintsAMap) {
  const Outcome outcome = run_program(doodle());
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Image image = read_image(out_);
  EXPECT_EQ(image.width(), 90);
  EXPECT_EQ(image.height(), 60);
  EXPECT_THAT(read_recipe(out_), testing::HasSubstr("\"command\":\"doodle\""));
  EXPECT_THAT(read_recipe(out_), testing::HasSubstr("a.png"));
  EXPECT_THAT(read_recipe(out_), testing::Not(testing::HasSubstr(folder_.path())));
}

TEST_F(CliDoodleTest, TakesAPhotographAndTheUsualOptions) {
  const std::string preview = folder_ / "preview.png";
  const Outcome outcome =
      run_program(doodle({"--content", photo_, "--strength", "30", "--size", "50", "--json",
                          "--seed", "3", "--preview", preview}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(read_image(out_).width(), 50);
  EXPECT_EQ(read_image(out_).height(), 40);
  EXPECT_THAT(outcome.out, testing::HasSubstr("\"event\":\"done\""));
  EXPECT_THAT(outcome.out, testing::HasSubstr("\"scores\":"));
  EXPECT_GT(read_image(preview).width(), 0);
}

TEST_F(CliDoodleTest, TakesAMapOfFewerColours) {
  write_map(map_, 90, 60, 0, 1);  // blue alone
  const Outcome outcome = run_program(doodle());
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(read_image(out_).width(), 90);
  std::swap(map_, style_map_);
  expect_refused(doodle(), input, "a.png: the colour #ff0000 is not in " + style_map_);
}

TEST_F(CliDoodleTest, EndsInTime) {
  const Outcome outcome = run_program(doodle({"--time", "1s", "-q"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
}

TEST_F(CliDoodleTest, RefusesWhatCannotBeMeant) {
  expect_refused({"doodle", "--style", painting_, "--map", map_, "-o", out_}, usage, "--style-map");
  expect_refused(doodle({"--strength", "30"}), usage, "--content");
  expect_refused(doodle({"--time", "3", "--iterations", "4"}), usage, "contradict");
  expect_refused(doodle({"--content", folder_ / "none.jpg"}), input, "none.jpg");
  expect_refused(doodle({"-o", map_}), usage, "");
  write_map(map_, 90, 60, 20, 51.0f / 255);
  expect_refused(doodle(), input, "b.png: the colour #000033 is not in " + style_map_);
}

}  // namespace
}  // namespace impasto::test
