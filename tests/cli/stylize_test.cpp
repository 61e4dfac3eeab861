// impasto stylize, as people run it.

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"
#include "impasto/version.h"

namespace impasto::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(CliTest, HelpsAndTellsItsVersion) {
  const Outcome version = run_program({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.out, StartsWith("impasto 0."));
  for (const Component& c : components()) {
    EXPECT_THAT(version.out, ContainsRegex((c.built_in ? "\nwith: .*" : "\nwithout: .*") + c.name));
  }
  const Outcome help = run_program({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out, HasSubstr("stylize"));
  EXPECT_THAT(help.out, HasSubstr("models"));
  const Outcome stylize_help = run_program({"stylize", "--help"});
  EXPECT_EQ(stylize_help.status, 0);
  for (const OptionInfo& option : stylize_options()) {
    EXPECT_THAT(stylize_help.out, HasSubstr("--" + option.name));
  }
  EXPECT_EQ(version.err + help.err + stylize_help.err, "");
}

TEST_F(CliTest, PaintsAPicture) {
  const Outcome outcome = run_program(stylize({"--iterations", "15"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("out.png, 80x64"));
  const Image painted = read_image(out_);
  EXPECT_EQ(painted.width(), 80);
  EXPECT_EQ(painted.height(), 64);
  EXPECT_GT(max_difference(painted, read_image(photo_)), 0.05);
  EXPECT_EQ(names_in(folder_.path()).size(), 4u) << "nothing else";
}

TEST_F(CliTest, WritesAsManyBitsAsAsked) {
  EXPECT_EQ(run_program(stylize({"--bits", "16"})).status, 0);
  EXPECT_EQ(read_image(out_).bits, 16);
  // A recipe holds it, too.
  const std::string again = folder_ / "again.png", jpeg = folder_ / "again.jpg";
  EXPECT_EQ(run_program({"stylize", "--replay", out_, "-o", again}).status, 0);
  EXPECT_EQ(read_image(again).bits, 16);
  EXPECT_EQ(run_program({"stylize", "--replay", out_, "-o", jpeg}).status, 0);
  EXPECT_EQ(read_image(jpeg).bits, 8) << "its format has no more";
  EXPECT_EQ(run_program(stylize(out_, painting_, again, {"--bits", "8"})).status, 0);
  EXPECT_EQ(read_image(again).bits, 8);
  expect_refused(stylize({"--bits", "12"}), usage, "--bits: expected auto|8|16");
}

TEST_F(CliTest, IsQuietWhenAsked) {
  const Outcome outcome = run_program(stylize({"-q"}));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out + outcome.err, "");
}

TEST_F(CliTest, MixesPaintings) {
  const std::string other = folder_ / "other:2.png";  // a colon of its own
  write_image(synthetic_picture(40, 50, 5), other);
  const Outcome outcome =
      run_program({"stylize", photo_, "--style", painting_ + ":2", "--style", other, "-o", out_,
                   "--network", network_, "--iterations", "2", "--threads", "1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const auto recipe = nlohmann::json::parse(read_recipe(out_));
  EXPECT_EQ(recipe.at("styles").at(1).at("name"), "other:2.png");
  EXPECT_EQ(recipe.at("style_weights"), (std::vector<double>{2, 1}));
}

TEST_F(CliTest, WritesEveryFormatThatItNames) {
  for (const char* name : {"a.jpg", "a.jpeg", "a.PNG", "a.webp", "a.tif"}) {
    const std::string file = folder_ / name;
    const Outcome outcome = run_program(stylize(photo_, painting_, file, {"--size", "40"}));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(read_image(file).width(), 40) << name;
    EXPECT_FALSE(read_recipe(file).empty()) << name;
  }
}

TEST_F(CliTest, RepeatsARunFromItsRecipe) {
  ASSERT_EQ(run_program(stylize({"--start", "noise", "--seed", "77", "--strength", "70",
                                 "--style-layers", "relu1_1,relu3_1=0.3"}))
                .status,
            0);
  const std::string again = folder_ / "again.png";
  const Outcome outcome = run_program({"stylize", "--replay", out_, "-o", again, "-q"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "") << "nothing has changed since";
  EXPECT_EQ(max_difference(read_image(again), read_image(out_)), 0);

  // What the command line says goes first; what has changed is noted.
  write_image(synthetic_picture(64, 64, 9), painting_);
  const Outcome changed =
      run_program({"stylize", "--replay", out_, "-o", again, "-q", "--size", "50"});
  EXPECT_EQ(changed.status, 0);
  EXPECT_THAT(changed.err, StartsWith("impasto: note: " + painting_ + ": has changed"));
  EXPECT_EQ(lines_of(changed.err).size(), 1u);
  EXPECT_EQ(read_image(again).width(), 50);
}

TEST_F(CliTest, SpeaksJson) {
  const Outcome outcome = run_program(stylize({"--json", "--size", "200"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  double fraction = 0;
  for (const std::string& line : lines_of(outcome.err)) {
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json.at("event"), "progress");
    EXPECT_GE(json.at("fraction"), fraction);
    EXPECT_TRUE(json.at("losses").at("style").is_number());
    fraction = json.at("fraction");
  }
  EXPECT_EQ(fraction, 1);
  const Words lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 1u);
  const auto done = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(done.at("event"), "done");
  EXPECT_EQ(done.at("output"), out_);
  EXPECT_EQ(done.at("width"), 200);
  EXPECT_EQ(done.at("height"), 160);
  EXPECT_EQ(done.at("cancelled"), false);
  EXPECT_GT(done.at("scores").at("style"), 0);
  EXPECT_LT(done.at("scores").at("ssim"), 1);
  EXPECT_TRUE(done.at("warnings").is_array());
}

TEST_F(CliTest, WarnsOfPicturesThatAreHardlyPainted) {
  const Words faint = {"--style-weight", "0", "--start",
                       "content"};  // strength 50, but nothing to paint with
  const Outcome outcome = run_program(stylize(faint));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("impasto: warning: hardly painted: "));
  Words json = faint;
  json.push_back("--json");
  const auto done = nlohmann::json::parse(run_program(stylize(json)).out);
  EXPECT_THAT(done.at("warnings").at(0).get<std::string>(), StartsWith("hardly painted"));
  Words quiet = faint;
  quiet.push_back("-q");
  EXPECT_EQ(run_program(stylize(quiet)).err, "");
}

TEST_F(CliTest, TakesFileNamesThatAreNotUtf8) {
  const std::string photo = folder_ / "caf\xe9.png", out = folder_ / "\xfc.png";
  write_image(synthetic_picture(40, 40, 1), photo);
  const Outcome outcome = run_program(stylize(photo, painting_, out, {"--json"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(read_image(out).width(), 40);
  EXPECT_TRUE(nlohmann::json::accept(outcome.out)) << outcome.out;
}

TEST_F(CliTest, WritesPreviewAndReport) {
  const std::string preview = folder_ / "preview.jpg", report = folder_ / "report.html";
  const Outcome outcome = run_program(stylize({"--preview", preview, "--report", report}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(read_image(preview).width(), 80);
  const Bytes page = load(report);
  EXPECT_THAT(std::string(page.begin(), page.end()), HasSubstr("</html>"));
  EXPECT_EQ(names_in(folder_.path()).size(), 6u);
}

TEST_F(CliTest, KeepsToItsTime) {
  const Outcome outcome = run_program(stylize({"--time", "1.5s", "--size", "300", "--json"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const double seconds = nlohmann::json::parse(outcome.out).at("seconds");
  EXPECT_GT(seconds, 1.2);
  EXPECT_LT(seconds, 2.5) << "(busy machines are late)";
}

}  // namespace
}  // namespace impasto::test
