// impasto stylize --sweep, as people run it.

#include <signal.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/cli_fixture.h"
#include "support/instant_network.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;

class SweepCliTest : public CliTest {
 protected:
  SweepCliTest() {
    write_instant_network(decoder_);
    write_image(synthetic_picture(50, 72, 6), other_);
  }
  Words paint(const std::string& out, const Words& more) const {
    Words words = {"stylize", photo_, "--style", painting_, "-o", out, "--threads", "1"};
    words.insert(words.end(), {"--method", "instant", "--network", decoder_});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // What a run of its own paints.
  Image alone(const Words& more) const {
    const std::string out = folder_ / "alone.png";
    const Outcome outcome = run_program(paint(out, more));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return read_image(out);
  }
  static Image cell(const Image& sheet, int column, int row, int width = 80, int height = 64) {
    Image part(width, height);
    for (int y = 0; y < height; ++y) {
      std::copy_n(sheet.row(row * (height + 4) + y) + 3 * column * (width + 4), 3 * width,
                  part.row(y));
    }
    return part;
  }

  std::string decoder_ = folder_ / "instant.safetensors", other_ = folder_ / "other.png";
};

TEST_F(SweepCliTest, PaintsAStrip) {
  const Outcome outcome = run_program(paint(out_, {"--sweep", "strength=0:100:5"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("across: strength 0 25 50 75 100\n"));
  EXPECT_THAT(outcome.err, HasSubstr("out.png: 5 cells of 80x64"));
  const Image sheet = read_image(out_);
  ASSERT_EQ(sheet.width(), 5 * 80 + 4 * 4);
  ASSERT_EQ(sheet.height(), 64);
  const Words strengths = {"0", "25", "50", "75", "100"};
  for (int i = 0; i < 5; ++i) {
    // A dither may round a value to either side.
    EXPECT_LE(
        max_difference(cell(sheet, i, 0), alone({"--strength", strengths[static_cast<size_t>(i)]})),
        1.001 / 255)
        << i;
  }
  EXPECT_EQ(read_recipe(out_), "") << "a sheet is not one run";
}

TEST_F(SweepCliTest, PaintsAGridBetweenFourStyles) {
  const Words more = {"--style", other_,    "--style", photo_,
                      "--style", painting_, "--sweep", "styles:3"};
  ASSERT_EQ(run_program(paint(out_, more)).status, 0);
  const Image sheet = read_image(out_);
  ASSERT_EQ(sheet.width(), 3 * 80 + 2 * 4);
  ASSERT_EQ(sheet.height(), 3 * 64 + 2 * 4);
  EXPECT_LE(max_difference(cell(sheet, 0, 0), alone({})), 1.001 / 255);
  EXPECT_LE(max_difference(cell(sheet, 2, 2), alone({})), 1.001 / 255) << "the same painting";
  EXPECT_LE(max_difference(cell(sheet, 1, 0), alone({"--style", other_})), 1.001 / 255);
}

TEST_F(SweepCliTest, WritesFrames) {
  const Words more = {"--sweep", "strength=20:80:3", "--sweep", "seed=1,2", "-q"};
  const Outcome outcome = run_program(paint(folder_ / "out_%03d.tif", more));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto names = names_in(folder_.path());
  for (int i = 1; i <= 6; ++i) {
    EXPECT_TRUE(names.contains("out_00" + std::to_string(i) + ".tif")) << i;
  }
  const std::string fifth = folder_ / "out_005.tif";
  EXPECT_EQ(max_difference(read_image(fifth), alone({"--strength", "50", "--seed", "2"})), 0);
  const auto recipe = nlohmann::json::parse(read_recipe(fifth));
  EXPECT_EQ(recipe.at("options").at("strength"), "50");
  EXPECT_EQ(recipe.at("options").at("seed"), "2");
  const std::string again = folder_ / "again.tif";
  ASSERT_EQ(run_program({"stylize", "--replay", fifth, "-o", again}).status, 0);
  EXPECT_EQ(max_difference(read_image(again), read_image(fifth)), 0);
}

TEST_F(SweepCliTest, WritesFramesIntoAFolder) {
  const Outcome outcome =
      run_program(paint(folder_ / "new/frames/", {"--sweep", "strength=0:100:3"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(names_in(folder_ / "new/frames"),
            (std::set<std::string>{"photo_001.png", "photo_002.png", "photo_003.png"}));
}

TEST_F(SweepCliTest, SweepsTheOptimizer) {
  Words words = {"stylize", photo_, "--style", painting_, "-o", out_, "--threads", "1"};
  words.insert(words.end(), {"--network", network_, "--sweep", "iterations=1:3:2", "--size", "40"});
  ASSERT_EQ(run_program(words).status, 0);
  EXPECT_EQ(read_image(out_).width(), 84);
}

TEST_F(SweepCliTest, RefusesWhatIsNoSweep) {
  const auto refused = [&](const Words& more, const std::string& part) {
    expect_refused(paint(out_, more), usage, part);
  };
  refused({"--sweep", "strength"}, "--sweep: expected NAME=FROM:TO:COUNT");
  refused({"--sweep", "strength=0:200:3"}, "--sweep strength: expected a number from 0 to 100");
  refused({"--sweep", "colour=0:1:3"}, "found 'colour'");
  refused({"--sweep", "styles:3"}, "found 1");
  refused({"--sweep"}, "--sweep");
  refused({"--sweep", "strength=0:100:3", "--strength", "5"}, "--strength contradict");
  refused({"--sweep", "detail=0:100:3"}, "--detail is for --method optimize");
  refused({"--sweep", "strength=0:100:3", "--json"}, "--sweep and --json");
  refused({"--sweep", "strength=0:100:3", "--report", folder_ / "r.html"}, "--report");
  refused({"--sweep", "strength=0:100:3", "--preview", folder_ / "p.png"}, "--preview");
  refused({"--sweep", "strength=0:100:3", "--pairing", "all"}, "--pairing");
  refused({"--sweep", "strength=0:100:3", other_}, "several photographs");
  refused({"--sweep", "strength=0:100:400"}, "frames");
  refused({"--style", other_ + ":2", "--sweep", "styles:3"}, "--style PAINTING:WEIGHT");
  Words words = stylize({"--sweep", "strength=0:100:3", "--style-weight", "5"});
  expect_refused(words, usage, "both set the weight of the style");
}

TEST_F(SweepCliTest, RefusesFilesThatCannotBe) {
  const Words sweep = {"--sweep", "strength=0:100:3"};
  std::filesystem::create_directory(folder_ / "photos");
  Words words = paint(out_, sweep);
  words[1] = folder_ / "photos";
  expect_refused(words, usage, "is a folder");
  words = paint(out_, sweep);
  words[3] = folder_ / "photos";
  expect_refused(words, usage, "is a folder");
  expect_refused(paint(photo_, sweep), usage, "overwrite the photograph");
  expect_refused(paint(folder_ / "none/out.png", sweep), output, "none");
  expect_refused(paint(folder_ / "out.xyz", sweep), output, "out.xyz");
  expect_refused(paint(folder_ / "out_%d_%d.png", sweep), usage, "expected one %d");
  expect_refused(paint(folder_ / "none/%d.png", sweep), output, "none");
  write_image(synthetic_picture(80, 64, 1), folder_ / "x_2.png");
  words = paint(folder_ / "x_%d.png", sweep);
  words[3] = folder_ / "x_2.png";
  expect_refused(words, usage, "overwrite a painting");
}

TEST_F(SweepCliTest, WritesWhatIsDoneWhenInterrupted) {
  Words words = {"stylize", photo_, "--style", painting_, "-o", out_, "--network", network_};
  words.insert(words.end(), {"--threads", "1", "--sweep", "iterations=1,100000"});
  Program program(words);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const auto second_cell_began = [&] {
    return program.err().find("cell 2 of 2") != std::string::npos;
  };
  while (!second_cell_began() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  program.signal(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("stopped; 1 of 2 cells"));
  const Image sheet = read_image(out_);
  ASSERT_EQ(sheet.width(), 164);
  EXPECT_EQ(sheet.row(10)[3 * 120], 1.0f) << "white where no cell is";
  EXPECT_LT(sheet.row(10)[3 * 40], 1.0f);
}

}  // namespace
}  // namespace impasto::test
