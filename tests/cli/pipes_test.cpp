// Pictures from standard input, and to standard output.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <tuple>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class PipesTest : public CliTest {
 protected:
  /// The picture in what was printed.
  Image image_in(const std::string& bytes, const std::string& name) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return read_image(folder_ / name);
  }
  Words texture(const Words& more) const {
    Words words = {"texture", "--size",   "48x40", "--network", network_, "--iterations",
                   "2",       "--scales", "1",     "--threads", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(PipesTest, ThePhotographComesFromStandardInput) {
  ASSERT_EQ(run_program(stylize()).status, 0);
  const std::string piped = folder_ / "piped.png";
  const Outcome outcome = run_with_input(stylize("-", painting_, piped), photo_);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(max_difference(read_image(piped), read_image(out_)), 0);
  const auto recipe = nlohmann::json::parse(read_recipe(piped));
  const auto from_file = nlohmann::json::parse(read_recipe(out_));
  EXPECT_EQ(recipe.at("content").at("name"), "stdin");
  EXPECT_EQ(recipe.at("content").at("sha256"), from_file.at("content").at("sha256"));
  // Repeated with the file in its place.
  const std::string again = folder_ / "again.png";
  expect_refused({"stylize", "--replay", piped, "-o", again}, input, "the photograph stdin is not");
  ASSERT_EQ(run_program({"stylize", photo_, "--replay", piped, "-o", again, "-q"}).status, 0);
  EXPECT_EQ(max_difference(read_image(again), read_image(out_)), 0);
  // The recipe may come from there, too.
  Words replay = {"stylize", photo_, "--replay", "-", "-o", again, "-q"};
  EXPECT_THAT(run_with_input(replay, piped).err,
              StartsWith("impasto: standard input: the painting painting.png is not in the current "
                         "folder (--style"));
  replay.insert(replay.end(), {"--style", painting_, "--network", network_});
  EXPECT_EQ(run_with_input(replay, piped).status, 0);
}

TEST_F(PipesTest, AnyOtherPictureMay) {
  ASSERT_EQ(run_program(stylize()).status, 0);
  const Image expected = read_image(out_);
  std::filesystem::remove(out_);
  ASSERT_EQ(run_with_input(stylize(photo_, "-", out_), painting_).status, 0);
  EXPECT_EQ(max_difference(read_image(out_), expected), 0);
  Outcome outcome = run_with_input(stylize(photo_, "-:2", out_, {"--style", photo_}), painting_);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  outcome = run_with_input(stylize({"--mask", "-"}), painting_);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  outcome = run_with_input(texture({"-", "-o", out_}), painting_);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(read_recipe(out_), HasSubstr("\"name\":\"stdin\""));
  outcome = run_with_input({"inspect", "-", "-o", out_}, photo_);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST_F(PipesTest, ADoodlesMapMay) {
  const std::string map = folder_ / "map.png";
  Image red(48, 32);
  for (int i = 0; i < 48 * 32; ++i) red.data()[3 * i] = 1;
  write_image(red, map);
  const Words doodle = {"doodle", "-s",           painting_, "--style-map", map,   "--map",
                        "-",      "-o",           "-",       "--format",    "png", "--network",
                        network_, "--iterations", "2"};
  const Outcome outcome = run_with_input(doodle, map);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(image_in(outcome.out, "doodle.png").width(), 48);
}

TEST_F(PipesTest, TheResultGoesToStandardOutput) {
  ASSERT_EQ(run_program(stylize()).status, 0);
  const Image expected = read_image(out_);
  for (const std::string format : {"png", "tif", "jpg", "webp"}) {
    const auto before = names_in(folder_.path());
    const Outcome outcome = run_program(stylize(photo_, painting_, "-", {"--format", format}));
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("standard output, 80x64"));
    EXPECT_EQ(names_in(folder_.path()), before);
    const std::string name = "piped." + format;
    const Image piped = image_in(outcome.out, name);
    const bool exact = format == "png" || format == "tif";
    EXPECT_LE(max_difference(piped, expected), exact ? 0 : 0.4) << format;
    EXPECT_THAT(read_recipe(folder_ / name), HasSubstr("\"command\":\"stylize\""));
  }
}

TEST_F(PipesTest, NothingElseGoesThere) {
  const Outcome outcome =
      run_with_input(stylize("-", painting_, "-", {"--format", "png", "--json"}), photo_);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("\x89PNG"));
  EXPECT_THAT(outcome.out, testing::EndsWith("IEND\xae\x42\x60\x82"));
  const auto done = nlohmann::json::parse(lines_of(outcome.err).back());
  EXPECT_EQ(done.at("event"), "done");
  EXPECT_EQ(done.at("output"), "-");
  const Outcome made = run_program(texture({painting_, "-o", "-", "--format", "png", "-q"}));
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(made.err, "");
  EXPECT_EQ(image_in(made.out, "texture.png").width(), 48);
  const Outcome sweep = run_program(
      stylize(photo_, painting_, "-", {"--format", "png", "--sweep", "strength=20,80"}));
  ASSERT_EQ(sweep.status, 0) << sweep.err;
  EXPECT_GT(image_in(sweep.out, "sheet.png").width(), 160);
}

TEST_F(PipesTest, PlansAreToldOfThem) {
  const Outcome plan =
      run_with_input(stylize("-", painting_, "-", {"--format", "png", "--dry-run"}), photo_);
  ASSERT_EQ(plan.status, 0) << plan.err;
  EXPECT_THAT(plan.out, StartsWith("standard output: 80x64"));
  const Outcome json =
      run_with_input(stylize("-", painting_, out_, {"--dry-run", "--json"}), photo_);
  ASSERT_EQ(json.status, 0) << json.err;
  EXPECT_EQ(nlohmann::json::parse(json.out).at("photo"), "standard input");
}

TEST_F(PipesTest, ErrorsNameThem) {
  std::ofstream(folder_ / "text") << "Dear diary";
  const Outcome text = run_with_input(stylize("-", painting_, out_), folder_ / "text");
  EXPECT_EQ(text.status, input);
  EXPECT_THAT(text.err, StartsWith("impasto: standard input: "));
  EXPECT_THAT(text.err, Not(HasSubstr("/proc")));
  expect_refused(stylize("-", painting_, out_), input,
                 "standard input: expected a picture, found nothing");
  const Outcome twice = run_with_input(stylize("-", "-", out_), photo_);
  EXPECT_EQ(twice.status, usage);
  EXPECT_THAT(twice.err, HasSubstr("standard input) is one picture, found it twice"));
  std::filesystem::resize_file(photo_, 300);
  const Outcome cut = run_with_input(stylize("-", painting_, out_), photo_);
  EXPECT_EQ(cut.status, input);
  EXPECT_THAT(cut.err, StartsWith("impasto: standard input: "));
  EXPECT_EQ(lines_of(cut.err).size(), 1u);
}

TEST_F(PipesTest, SaysWhenTheResultDoesNotArrive) {
  std::string command = IMPASTO_PROGRAM;
  for (const std::string& word : stylize(photo_, painting_, "-", {"--format", "png", "-q"})) {
    command += " '" + word + "'";
  }
  const std::string said = folder_ / "said", status = folder_ / "status";
  for (const char* sink : {"| true", "> /dev/full", ">&-"}) {
    std::ignore = std::system(
        ("{ " + command + "; echo $? > " + status + "; } 2> " + said + " " + sink).c_str());
    std::string code, line, more;
    std::ifstream(status) >> code;
    std::ifstream file(said);
    std::getline(file, line);
    EXPECT_EQ(code, std::to_string(output)) << sink;
    EXPECT_THAT(line, StartsWith("impasto: standard output: cannot be written: ")) << sink;
    EXPECT_FALSE(std::getline(file, more)) << more;
  }
}

TEST_F(PipesTest, RefusesWhatCannotBeMeant) {
  expect_refused(stylize(photo_, painting_, "-"), usage, "needs --format");
  expect_refused(stylize(photo_, painting_, "-", {"--format", "xyz"}), usage,
                 "--format: expected a picture's extension");
  expect_refused(texture({painting_, "-o", out_, "--format", "png"}), usage,
                 "--format is for -o -");
  expect_refused(stylize(photo_, painting_, "-", {"--format", "png", "--save-every", "2"}), usage,
                 "--save-every and -o -");
  const Words more = {"--format", "png", photo_};
  expect_refused(stylize(painting_, painting_, "-", more), usage, "is for one picture");
  std::filesystem::create_directory(folder_ / "out");
  const Outcome batch = run_with_input(stylize("-", painting_, folder_ / "out"), photo_);
  EXPECT_EQ(batch.status, usage);
  EXPECT_THAT(batch.err, HasSubstr("- (standard input) is for one picture"));
}

}  // namespace
}  // namespace impasto::test
