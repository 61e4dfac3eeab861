// Wrong and missing words: what the program says when it does not know one.

#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Words commands = {"stylize", "doodle", "texture", "inspect",
                        "models",  "train",  "bench",   "help"};

class WordsTest : public CliTest {
 protected:
  /// Refused in one line, which is returned.
  std::string refused(const Words& words) {
    const Outcome outcome = run_program(words);
    EXPECT_EQ(outcome.status, usage) << testing::PrintToString(words);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
    EXPECT_THAT(outcome.err, StartsWith("impasto: "));
    return outcome.err;
  }
};

TEST_F(WordsTest, WithoutAnyTheyAreListed) {
  const Outcome outcome = run_program({});
  EXPECT_EQ(outcome.status, usage);
  EXPECT_EQ(outcome.out, "");
  for (const std::string& command : commands) {
    EXPECT_THAT(outcome.err, HasSubstr("\n  " + command + " "));
  }
  EXPECT_THAT(outcome.err, HasSubstr("impasto stylize photo.jpg --style painting.jpg -o out.jpg"));
  EXPECT_THAT(outcome.err, HasSubstr("--help"));
  EXPECT_LT(lines_of(outcome.err).size(), 20u) << "a screen of it";
}

TEST_F(WordsTest, HelpTellsOfCommands) {
  const Outcome all = run_program({"help"});
  EXPECT_EQ(all.status, 0) << all.err;
  EXPECT_EQ(all.out, run_program({"--help"}).out);
  for (const Words& command : {Words{"stylize"}, Words{"texture"}, Words{"models", "import"}}) {
    Words words = command;
    words.insert(words.begin(), "help");
    Words option = command;
    option.push_back("--help");
    const Outcome help = run_program(words);
    EXPECT_EQ(help.status, 0) << help.err;
    EXPECT_EQ(help.out, run_program(option).out);
    EXPECT_THAT(help.out, HasSubstr("impasto " + command.front()));
  }
  EXPECT_THAT(refused({"help", "stylise"}), HasSubstr("'stylise'; did you mean 'stylize'?"));
  EXPECT_THAT(refused({"help", "models", "lst"}), HasSubstr("'lst'; did you mean 'list'?"));
}

TEST_F(WordsTest, TheVersionHasAShortOption) {
  const Outcome version = run_program({"-v"});
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.out, run_program({"--version"}).out);
  EXPECT_THAT(version.out, StartsWith("impasto 0."));
}

TEST_F(WordsTest, UnknownCommands) {
  for (const auto& [typed, meant] :
       std::vector<std::pair<std::string, std::string>>{{"stylise", "stylize"},
                                                        {"stylzie", "stylize"},
                                                        {"style", "stylize"},
                                                        {"Stylize", "stylize"},
                                                        {"textures", "texture"},
                                                        {"model", "models"}}) {
    const std::string line = refused({typed, photo_, "-s", painting_, "-o", out_});
    EXPECT_THAT(line, HasSubstr("no command '" + typed + "'; did you mean '" + meant + "'?"));
    EXPECT_THAT(line, HasSubstr("'impasto --help'"));
    for (const std::string& command : commands) EXPECT_THAT(line, HasSubstr(command));
  }
  EXPECT_THAT(refused({"frobnicate"}), Not(HasSubstr("did you mean")));
  EXPECT_THAT(refused({photo_, "-s", painting_, "-o", out_}),
              HasSubstr("did you mean 'impasto stylize " + photo_ + "'?"));
  EXPECT_THAT(refused({"models", "fetsh", "vgg19"}), HasSubstr("did you mean 'fetch'?"));
  EXPECT_THAT(refused({"models"}), HasSubstr("'impasto models --help'"));
}

TEST_F(WordsTest, UnknownOptions) {
  for (const auto& [typed, meant] :
       std::vector<std::pair<std::string, std::string>>{{"--style_scale", "--style-scale"},
                                                        {"--colours", "--colors"},
                                                        {"--colour", "--colors"},
                                                        {"--optimiser", "--optimizer"},
                                                        {"--Strength", "--strength"},
                                                        {"--strenght", "--strength"},
                                                        {"--num-iterations", "--iterations"},
                                                        {"--iter", "--iterations"},
                                                        {"--output_image", "--output"},
                                                        {"--image-size", "--size"},
                                                        {"-i", "--iterations"}}) {
    const std::string line = refused(stylize({typed, "1"}));
    EXPECT_THAT(line, HasSubstr("impasto stylize has no option '" + typed + "'; did you mean '" +
                                meant + "'?"));
    EXPECT_THAT(line, HasSubstr("'impasto stylize --help'"));
  }
  EXPECT_THAT(refused({"stylize", photo_, "--style=" + painting_, "--ouput=" + out_}),
              HasSubstr("'--ouput'; did you mean '--output'?"));
  EXPECT_THAT(refused({"stylize", "-i", photo_, "-s", painting_, "-o", out_}),
              HasSubstr("the photograph needs none"));
  EXPECT_THAT(refused(stylize({"--tileable"})), HasSubstr("impasto texture has it"));
  EXPECT_THAT(refused(stylize({"--frobnicate"})), Not(HasSubstr("did you mean")));
  EXPECT_THAT(refused({"--no-such"}), HasSubstr("impasto has no option '--no-such'"));
  EXPECT_THAT(refused({"models", "list", "--jsn"}), HasSubstr("impasto models list has no option"));
}

// What looks like an option may be a value, and the word that is wrong may come later.
TEST_F(WordsTest, ValuesAreNoOptions) {
  EXPECT_THAT(refused(stylize({"--feather", "-1", "--seeed", "4"})), HasSubstr("'--seeed'"));
  EXPECT_THAT(refused({"stylize", photo_, "-s", painting_}), HasSubstr("--output is required"));
  EXPECT_THAT(refused({"stylize", photo_, "-s", painting_}), HasSubstr("'impasto stylize --help'"));
  EXPECT_THAT(refused(stylize({"--strength"})), HasSubstr("--strength"));
}

TEST_F(WordsTest, RangesReadLikeWords) {
  expect_refused(stylize({"--size", "huge"}), usage, "--size: expected 1 to ");
  expect_refused(stylize({"--iterations", "0"}), usage, "a number from 1 to 100000, found '0'");
  expect_refused(stylize({"--tv-weight", "-2"}), usage, "from 0 to 1000000000000, or auto, found");
}

// The library knows options by their names alone.
TEST_F(WordsTest, OptionsReadAsTheyAreTyped) {
  const std::string help = run_program({"stylize", "--help"}).out;
  EXPECT_THAT(help, HasSubstr("auto: from --strength"));
  EXPECT_THAT(help, Not(HasSubstr("`")));
  expect_refused(stylize({"--content-weight", "0", "--style-weight", "0"}), usage,
                 "impasto: --content-weight 0 and --style-weight 0 leave nothing to paint");
  expect_refused(stylize({"--size", "9000", "--max-memory", "200M"}), memory, "; --size ");
  const std::string name = folder_ / "a `b.png";
  expect_refused(stylize(name, painting_, out_), input, name);
}

TEST_F(WordsTest, ListsMayBeGivenPieceByPiece) {
  const auto taps = [&](Words words) {
    words.insert(words.begin(), {"inspect", photo_, "--json"});
    const Outcome outcome = run_program(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.status == 0 ? nlohmann::json::parse(outcome.out).at("taps") : nlohmann::json();
  };
  const nlohmann::json pieces = taps({"--layers", "relu1_1", "--layers", "relu2_1,relu3_1"});
  EXPECT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces, taps({"--layers", "relu1_1,relu2_1,relu3_1"}));
  EXPECT_THAT(refused({"inspect", photo_, "--json", "--size", "30", "--size", "40"}),
              HasSubstr("--size"));
}

TEST_F(WordsTest, PatternsThatMatchNothing) {
  const std::string pattern = folder_ / "*.gif";
  const std::string said = ": no such file or folder; nothing matches this pattern";
  expect_refused(stylize(pattern, painting_, out_), input, pattern + ": no such file");
  expect_refused(stylize(photo_, pattern, out_), input, "nothing matches this pattern");
  expect_refused(stylize(pattern, painting_, folder_ / "out/"), input, pattern + said);
  expect_refused(stylize(photo_, pattern, folder_ / "out/"), input, pattern + said);
  expect_refused({"inspect", pattern, "-o", out_}, input, "nothing matches this pattern");
  expect_refused({"texture", pattern, "-o", out_}, input, "nothing matches this pattern");
  const Outcome plain = run_program(stylize(folder_ / "none.gif", painting_, out_));
  EXPECT_THAT(plain.err, Not(HasSubstr("pattern")));
}

// /proc takes no new files, whoever asks.
TEST_F(WordsTest, FoldersThatTakeNoFiles) {
  for (const char* folder : {"/proc", "/proc/results/", "/proc/a/b"}) {
    const Outcome outcome = run_program(
        {"stylize", photo_, painting_, "-s", painting_, "-o", folder, "--quality", "draft"});
    EXPECT_EQ(outcome.status, output) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("/proc: "));
    EXPECT_THAT(outcome.err, Not(HasSubstr("impasto.png")));
    EXPECT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
  }
  const Outcome frames = run_program({"stylize", photo_, "-s", painting_, "-o", "/proc", "--sweep",
                                      "strength=0:100:3", "--quality", "draft"});
  EXPECT_EQ(frames.status, output) << frames.err;
  EXPECT_THAT(frames.err, HasSubstr("/proc: "));
  expect_refused(stylize(photo_, painting_, "/proc/out.png"), output, "/proc/out.png: ");
  expect_refused(stylize(photo_, painting_, photo_ + "/out.png"), output, photo_);
}

}  // namespace
}  // namespace impasto::test
