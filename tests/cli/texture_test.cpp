// impasto texture.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

class TextureCli : public CliTest {
 protected:
  Words make(const Words& more = {}) const {
    Words words = {"texture", painting_, "-o",    out_,        "--network",
                   network_,  "--size",  "72x40", "--threads", "1"};
    const auto given = [&](const char* name) {
      return std::find(more.begin(), more.end(), name) != more.end();
    };
    if (!given("--time") && !given("--iterations")) {
      words.insert(words.end(), {"--iterations", "2"});
    }
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(TextureCli, MakesATextureOfItsSize) {
  for (const Words& more : {Words{}, {"--tileable"}, {photo_ + ":2"}, {"--time", "0.2"}}) {
    const Outcome outcome = run_program(make(more));
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, testing::HasSubstr("72x40"));
    const Image image = read_image(out_);
    EXPECT_EQ(image.width(), 72);
    EXPECT_EQ(image.height(), 40);
  }
}

TEST_F(TextureCli, TellsInJson) {
  const Outcome outcome = run_program(make({"--json"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto done = nlohmann::json::parse(lines_of(outcome.out).back());
  EXPECT_EQ(done["event"], "done");
  EXPECT_EQ(done["width"], 72);
  EXPECT_TRUE(done["losses"].contains("style"));
  EXPECT_GT(done.at("scores").at("style"), 0);
  EXPECT_FALSE(done.at("scores").contains("content"));
  EXPECT_FALSE(done.at("scores").contains("seam")) << "of tiles";
  EXPECT_TRUE(done.contains("warnings"));
}

TEST_F(TextureCli, CarriesItsRecipe) {
  ASSERT_EQ(run_program(make({"--tileable", "--seed", "7"})).status, 0);
  const auto recipe = nlohmann::json::parse(read_recipe(out_));
  EXPECT_EQ(recipe.at("command"), "texture");
  EXPECT_EQ(recipe.at("pictures").at(0).at("name"), "painting.png");
  EXPECT_EQ(recipe.at("options").at("tileable"), "yes");
  EXPECT_EQ(recipe.at("options").at("size"), "72x40");
  EXPECT_EQ(recipe.at("options").at("seed"), "7");
  expect_refused({"stylize", "--replay", out_, "-o", folder_ / "again.png"}, input,
                 "out.png: the recipe is one of impasto texture");
}

TEST_F(TextureCli, EverySize) {
  for (const char* size : {"1x1", "3x500", "513x511"}) {
    for (const char* tile : {"--tileable", "-q"}) {
      const Outcome outcome = run_program({"texture", painting_, "-o", out_, "--network", network_,
                                           "--size", size, "--iterations", "1", tile});
      ASSERT_EQ(outcome.status, 0) << outcome.err;
      const Image image = read_image(out_);
      EXPECT_EQ(std::to_string(image.width()) + "x" + std::to_string(image.height()), size);
    }
  }
}

TEST_F(TextureCli, SavesWhatThereIsWhenItIsStopped) {
  Program program(make({"--iterations", "100000", "--json"}));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (program.err().empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  program.signal(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_EQ(read_image(out_).width(), 72);
}

TEST_F(TextureCli, RefusesWhatCannotBe) {
  expect_refused({"texture", "-o", out_}, usage, "picture");
  expect_refused({"texture", painting_}, usage, "--output");
  expect_refused({"texture", painting_, "-o", out_, "--size", "10x"}, usage,
                 "--size: expected WIDTHxHEIGHT");
  expect_refused({"texture", painting_, "-o", painting_}, usage, "would overwrite");
  expect_refused({"texture", folder_ / "none.jpg", "-o", out_}, input, "none.jpg");
  expect_refused({"texture", painting_, "-o", folder_ / "out.xyz"}, output, "out.xyz");
  expect_refused({"texture", painting_, "-o", out_, "--size", "90000x90000"}, usage,
                 "at most 300 megapixels");
  expect_refused(
      {"texture", painting_, "-o", out_, "--size", "17000x17000", "--max-memory", "200M"}, memory,
      "would fit");
  expect_refused({"texture", painting_, "-o", out_, "--time", "1", "--iterations", "2"}, usage,
                 "--time and --iterations");
  expect_refused({"texture", painting_, "-o", out_, "--detail", "1"}, usage, "--detail");
  expect_refused({"texture", painting_ + ":-1", "-o", out_}, usage, "weight");
}

}  // namespace
}  // namespace impasto::test
