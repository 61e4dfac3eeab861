// How results are written: their quality, without recipes, on the way, and how large.

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class ResultsTest : public CliTest {
 protected:
  uintmax_t bytes(const std::string& name, const Words& more) {
    const Outcome outcome = run_program(stylize(photo_, painting_, folder_ / name, more));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return fs::file_size(folder_ / name);
  }
  bool can_write(const std::string& name) const {
    try {
      check_writable(folder_ / name);
      return true;
    } catch (const Error&) {
      return false;
    }
  }
  static double mean_difference(const Image& a, const Image& b) {
    double sum = 0;
    const int64_t count = int64_t{3} * a.width() * a.height();
    for (int64_t i = 0; i < count; ++i) {
      sum += std::abs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]));
    }
    return sum / static_cast<double>(count);
  }
  std::pair<int, int> sides(const std::string& path) const {
    const Image image = read_image(path);
    return {image.width(), image.height()};
  }
};

TEST_F(ResultsTest, ObeyTheQuality) {
  for (const char* name : {"a.jpg", "a.webp", "a.avif", "a.heic", "a.jxl"}) {
    if (!can_write(name)) continue;
    const uintmax_t low = bytes(name, {"--no-recipe", "--output-quality", "20"});
    const uintmax_t usual = bytes(name, {"--no-recipe"});  // in a recipe are seconds
    const uintmax_t high = bytes(name, {"--no-recipe", "--output-quality", "100"});
    EXPECT_LT(low, usual) << name;
    EXPECT_LT(usual, high) << name;
    EXPECT_EQ(bytes(name, {"--no-recipe", "--output-quality", "92"}), usual) << name;
  }
  expect_refused(stylize({"--output-quality", "80"}), usage,
                 "--output-quality is for JPEG, WebP, AVIF, HEIF and JPEG XL; " + out_);
  const std::string jpeg = folder_ / "b.jpg";
  for (const char* value : {"0", "101", "high", "", "8e1"}) {
    expect_refused(stylize(photo_, painting_, jpeg, {"--output-quality", value}), usage,
                   "--output-quality: expected a number from 1 to 100, found '");
  }
  expect_refused(stylize(photo_, painting_, folder_ / "c.tif", {"--output-quality", "80"}), usage,
                 "keeps every pixel");
}

TEST_F(ResultsTest, ObeyItInFolders) {
  const std::string jpeg = folder_ / "photo.jpg", out = folder_ / "out/";
  write_image(read_image(photo_), jpeg);
  const auto paint = [&](const Words& more) {
    Words words = stylize(jpeg, painting_, out, more);
    words.push_back("--json");
    const Outcome outcome = run_program(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return nlohmann::json::parse(lines_of(outcome.out).back()).at("painted").get<int>();
  };
  EXPECT_EQ(paint({}), 1);
  const uintmax_t usual = fs::file_size(out + "photo.jpg");
  EXPECT_THAT(read_recipe(out + "photo.jpg"), HasSubstr("photo.jpg"));
  EXPECT_EQ(paint({}), 0) << "it is done";
  EXPECT_EQ(paint({"--output-quality", "10"}), 1) << "that is another file";
  EXPECT_LT(fs::file_size(out + "photo.jpg"), usual);
  EXPECT_EQ(paint({"--no-recipe"}), 1);
  EXPECT_EQ(read_recipe(out + "photo.jpg"), "");
  expect_refused(stylize(jpeg, painting_, out, {"--output-quality", "10", "--format", "png"}),
                 usage, "--output-quality is for JPEG");
}

TEST_F(ResultsTest, CarryNoRecipeWhenAsked) {
  for (const char* name : {"a.jpg", "a.png", "a.webp", "a.tif"}) {
    bytes(name, {"--no-recipe"});
    EXPECT_EQ(read_recipe(folder_ / name), "") << name;
    const Bytes file = load(folder_ / name);
    const std::string text(file.begin(), file.end());
    EXPECT_THAT(text, Not(HasSubstr("painting.png"))) << name;
  }
  expect_refused({"stylize", "--replay", folder_ / "a.png", "-o", out_}, input, "no recipe");
}

TEST_F(ResultsTest, AreRepeatedFromOtherFolders) {
  fs::create_directories(folder_ / "in");
  fs::create_directories(folder_ / "results");
  const std::string photo = folder_ / "in/p.png", painting = folder_ / "in/s.png",
                    made = folder_ / "results/r.png", again = folder_ / "again.png";
  fs::copy_file(photo_, photo);
  fs::copy_file(painting_, painting);
  ASSERT_EQ(run_program(stylize(photo, painting, made)).status, 0);
  EXPECT_THAT(read_recipe(made), Not(HasSubstr(folder_.path())));
  const Words replay = {"stylize", "--replay", made, "-o", again, "--network", network_};
  const auto with = [&](const Words& more) {
    Words words = replay;
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  expect_refused(replay, input,
                 made + ": the photograph p.png is not in " + (folder_ / "results") +
                     " or the current folder (PHOTO");
  expect_refused(with({photo}), input, "the painting s.png is not in ");
  const Outcome outcome = run_program(with({photo, "--style", painting, "-q"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(max_difference(read_image(again), read_image(made)), 0);
  // Beside the result they are found.
  fs::copy_file(photo, folder_ / "results/p.png");
  fs::copy_file(painting, folder_ / "results/s.png");
  EXPECT_EQ(run_program(with({"-q"})).status, 0);
}

TEST_F(ResultsTest, AreKeptOnTheWay) {
  const Outcome outcome =
      run_program(stylize({"--save-every", "4", "--iterations", "10", "--size", "200"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  int steps = 0;
  const Outcome plan = run_program(
      stylize({"--save-every", "4", "--iterations", "10", "--size", "200", "--dry-run", "--json"}));
  const auto stages = nlohmann::json::parse(plan.out).at("stages");
  for (const auto& stage : stages) {
    steps += stage.at("steps").get<int>();
  }
  ASSERT_GT(steps, 12) << "several scales";
  std::set<std::string> expected, found;
  for (int step = 4; step <= steps; step += 4) {
    const std::string number = std::to_string(step);
    expected.insert("out_" + std::string(4 - number.size(), '0') + number + ".png");
  }
  for (const std::string& name : names_in(folder_.path())) {
    if (name.starts_with("out_")) found.insert(name);
  }
  EXPECT_EQ(found, expected);
  for (const std::string& name : found) {
    EXPECT_EQ(sides(folder_ / name), std::pair(200, 160)) << name;
    EXPECT_EQ(read_recipe(folder_ / name), "") << name;
  }
  // The last of them is nearly the result, the first is not.
  const Image result = read_image(out_), last = read_image(folder_ / *found.rbegin()),
              first = read_image(folder_ / "out_0004.png");
  EXPECT_LT(mean_difference(last, result), mean_difference(first, result));
  EXPECT_GT(mean_difference(first, result), 0);
}

TEST_F(ResultsTest, AreKeptBesideAPreviewAndOfTextures) {
  const std::string preview = folder_ / "preview.png";
  ASSERT_EQ(run_program(stylize({"--save-every", "3", "--preview", preview})).status, 0);
  EXPECT_EQ(read_image(preview).width(), 80);
  EXPECT_TRUE(fs::exists(folder_ / "out_0003.png"));
  ASSERT_EQ(run_program({"texture", painting_, "-o", folder_ / "t.jpg", "--size", "40x30",
                         "--iterations", "2", "--save-every", "1", "--network", network_})
                .status,
            0);
  EXPECT_EQ(sides(folder_ / "t_0001.jpg"), std::pair(40, 30));
  EXPECT_EQ(sides(folder_ / "t_0002.jpg"), std::pair(40, 30));
}

TEST_F(ResultsTest, AreNotLostForThem) {
  fs::create_directory(folder_ / "out_0002.png");
  const Outcome outcome = run_program(stylize({"--save-every", "1"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err,
              HasSubstr("note: " + (folder_ / "out_0002.png") + ": cannot be written"));
  EXPECT_TRUE(fs::exists(out_));
  EXPECT_TRUE(fs::exists(folder_ / "out_0003.png"));
}

TEST_F(ResultsTest, AreNotKeptWhereThereAreNoSteps) {
  expect_refused(
      {"stylize", photo_, "-s", painting_, "-o", out_, "--save-every", "5", "--method", "instant"},
      usage, "--save-every is for --method optimize, not for --method instant");
  // Without a word on the quality it is one that has steps.
  const Outcome plan = run_program(
      {"stylize", photo_, "-s", painting_, "-o", out_, "--save-every", "5", "--dry-run", "--json"});
  EXPECT_EQ(nlohmann::json::parse(plan.out).at("method"), "optimize");
  for (const char* value : {"0", "-1", "many"}) {
    expect_refused(stylize({"--save-every", value}), usage, "--save-every: expected a number");
  }
  expect_refused(stylize(photo_, painting_, folder_ / "out/", {"--save-every", "5"}), usage,
                 "--save-every is for one picture");
  expect_refused(stylize({"--sweep", "strength=0,100", "--save-every", "5"}), usage,
                 "--sweep and --save-every");
  const std::string photo = folder_ / "out_0003.png";
  fs::copy_file(photo_, photo);
  expect_refused(stylize(photo, painting_, out_, {"--save-every", "3"}), usage,
                 photo + ": --save-every would overwrite this picture");
}

TEST_F(ResultsTest, FitIntoAFrameOrAreAShare) {
  const std::vector<std::pair<std::string, std::pair<int, int>>> sizes = {
      {"60x20", {25, 20}}, {"20x60", {20, 16}}, {"160x160", {160, 128}},
      {"50%", {40, 32}},   {"125%", {100, 80}}, {"40", {40, 32}}};
  for (const auto& [size, expected] : sizes) {
    for (const char* quality : {"draft", "best"}) {
      Words words = {"stylize", photo_,   "-s", painting_,   "-o",
                     out_,      "--size", size, "--quality", quality};
      if (quality == std::string("best")) words.insert(words.end(), {"--iterations", "2"});
      ASSERT_EQ(run_program(words).status, 0) << size;
      EXPECT_EQ(sides(out_), expected) << size;
      words.insert(words.end(), {"--dry-run", "--json"});
      const auto plan = nlohmann::json::parse(run_program(words).out);
      EXPECT_EQ(std::pair(plan.at("width").get<int>(), plan.at("height").get<int>()), expected);
    }
    const std::string told = size == "160x160" ? "160" : size;  // the same
    EXPECT_EQ(nlohmann::json::parse(read_recipe(out_)).at("options").at("size"), told);
    const std::string again = folder_ / "again.png";
    ASSERT_EQ(run_program({"stylize", "--replay", out_, "-o", again, "-q"}).status, 0);
    EXPECT_EQ(sides(again), expected) << size;
  }
}

}  // namespace
}  // namespace impasto::test
