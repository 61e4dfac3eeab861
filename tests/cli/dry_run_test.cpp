// What --dry-run prints, and that nothing else happens.

#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

using Json = nlohmann::json;

class DryRunTest : public CliTest {
 protected:
  // Must succeed, say nothing else and leave no trace; what it printed.
  Words plan(Words words) const {
    words.push_back("--dry-run");
    const auto before = names_in(folder_.path());
    const Outcome outcome = run_program(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(names_in(folder_.path()), before);
    return lines_of(outcome.out);
  }
  std::vector<Json> json_plan(Words words) const {
    words.push_back("--json");
    std::vector<Json> lines;
    for (const std::string& line : plan(words)) lines.push_back(Json::parse(line));
    return lines;
  }
  Words built_in(const Words& more = {}) const {
    Words words = {"stylize", photo_, "--style", painting_, "-o", out_, "--threads", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(DryRunTest, TellsThePlan) {
  const Words lines = plan(built_in({"--quality", "best", "--size", "640"}));
  ASSERT_GE(lines.size(), 4u);
  EXPECT_THAT(lines.front(), testing::HasSubstr(out_ + ": 640x512, quality best (asked for)"));
  EXPECT_THAT(lines[1], testing::HasSubstr(" steps"));
  EXPECT_THAT(lines.back(), testing::HasSubstr("MiB of memory"));
}

TEST_F(DryRunTest, TellsWindowsOfTheOptimiser) {
  const Words more = {"--quality", "best", "--size", "1200", "--max-memory", "345M"};
  const Words lines = plan(built_in(more));
  const std::string& last = lines[lines.size() - 2];
  EXPECT_THAT(last, testing::MatchesRegex(" *1200x960 .* steps, [0-9]+ windows of .*x.*bfgs.*"));
  const Json stage = json_plan(built_in(more))[0].at("stages").back();
  EXPECT_GT(stage.at("windows"), 1);
  EXPECT_GE(stage.at("octaves"), 1);
  EXPECT_LE(stage.at("window_width"), 1024);
}

// Asked for or not: what takes long for want of memory is not what a couple of seconds allow.
TEST_F(DryRunTest, TellsThatMemoryDecidedTheQuality) {
  const Json free = json_plan(built_in({"--size", "500"}))[0];
  if (free.at("quality") == "draft") GTEST_SKIP() << "this machine is too slow for more, or busy";
  const size_t peak = free.at("peak_bytes");
  const std::string less = std::to_string((peak >> 20) * 9 / 10) + "M";
  const Json small = json_plan(built_in({"--size", "500", "--max-memory", less}))[0];
  const bool same = small.at("quality") == free.at("quality");
  EXPECT_TRUE(same || small.at("reason") == "for want of memory") << small;
  EXPECT_LE(small.at("peak_bytes"), small.at("limit_bytes"));
}

TEST_F(DryRunTest, TellsThePlanAsJson) {
  const auto lines = json_plan(built_in({"--quality", "draft", "--size", "9000"}));
  ASSERT_EQ(lines.size(), 1u);
  const Json& p = lines[0];
  EXPECT_EQ(p.at("event"), "plan");
  EXPECT_EQ(p.at("photo"), photo_);
  EXPECT_EQ(p.at("output"), out_);
  EXPECT_EQ(p.at("width"), 9000);
  EXPECT_EQ(p.at("height"), 7200);
  EXPECT_EQ(p.at("quality"), "draft");
  EXPECT_EQ(p.at("storage"), "memory");
  EXPECT_GT(p.at("peak_bytes"), 100'000'000);
  EXPECT_GT(p.at("limit_bytes"), p.at("peak_bytes"));
  EXPECT_EQ(p.at("stages").front().at("stage"), "optimize");
  EXPECT_EQ(p.at("stages").at(1).at("stage"), "enlarge");
  EXPECT_EQ(p.at("stages").back().at("stage"), "by edges");
}

TEST_F(DryRunTest, TellsThePlanOfAFolder) {
  store(folder_ / "text.png", std::string("no picture"));
  const std::string folder = folder_ / "results/";
  const auto lines = json_plan({"stylize", photo_, painting_, "--style", painting_, "-o", folder,
                                "--quality", "draft", "--threads", "1"});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].at("photo"), photo_);
  EXPECT_EQ(lines[1].at("output"), folder + "painting.png");
  EXPECT_EQ(lines[2].at("event"), "planned");
  EXPECT_EQ(lines[2].at("pictures"), 2);
  const Outcome damaged = run_program({"stylize", photo_, folder_ / "text.png", "--style",
                                       painting_, "-o", folder, "--quality", "draft", "--dry-run"});
  EXPECT_EQ(damaged.status, 8) << "as the run";
  EXPECT_THAT(damaged.err, testing::HasSubstr("text.png"));
}

TEST_F(DryRunTest, TellsThePlanOfASweep) {
  const Words lines = plan(built_in({"--quality", "draft", "--sweep", "strength=0:100:5"}));
  ASSERT_GE(lines.size(), 3u);
  EXPECT_THAT(lines[0], testing::HasSubstr("5 x 1 cells: 80x64, quality draft"));
}

TEST_F(DryRunTest, TellsThePlanOfATexture) {
  const auto lines = json_plan({"texture", painting_, "-o", out_, "--size", "300x200"});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].at("pictures"), Json({painting_}));
  EXPECT_EQ(lines[0].at("output"), out_);
  EXPECT_EQ(lines[0].at("width"), 300);
  EXPECT_EQ(lines[0].at("stages").back().at("height"), 200);
  const Words tile = plan({"texture", painting_, "-o", out_, "--size", "300x200", "--tileable"});
  EXPECT_THAT(tile[tile.size() - 2], testing::HasSubstr("304x208")) << "as it is painted";
  expect_refused({"texture", painting_, "-o", out_, "--size", "3000x2000", "--tileable",
                  "--max-memory", "300M"},
                 memory, "found 300M; --size ");
}

TEST_F(DryRunTest, TellsThePlanOfADoodle) {
  const Words doodle = {"doodle", "--style", painting_, "--style-map", painting_, "--map",
                        photo_,   "-o",      out_,      "--size",      "160"};
  const auto lines = json_plan(doodle);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].at("style"), painting_);
  EXPECT_EQ(lines[0].at("map"), photo_);
  EXPECT_EQ(lines[0].at("height"), 128);
  EXPECT_EQ(lines[0].at("stages").back().at("stage"), "optimize");
  const auto with = [&](const std::string& most) {
    Words words = doodle;
    words.insert(words.end(), {"--max-memory", most});
    return words;
  };
  const std::string before = "needs --max-memory ";
  const std::string refusal = run_program(with("60M")).err;
  const size_t at = refusal.find(before);
  ASSERT_NE(at, std::string::npos) << refusal;
  const std::string less = std::to_string(std::stoi(refusal.substr(at + before.size())) - 1) + "M";
  expect_refused(with(less), memory, "found " + less + "; --size ");
}

// What cannot be is told in the same words.
TEST_F(DryRunTest, RefusesWhatTheRunRefuses) {
  for (const auto& [words, status, part] :
       {std::tuple<Words, int, std::string>{
            {"--max-memory", "150M", "--size", "9000", "--quality", "best"},
            memory,
            "found 150M; --size "},
        {{"--max-memory", "1M"}, memory, "no size would fit"},
        {{"--max-memory", "2"}, usage, "--max-memory: expected auto, or a size such as 500M"},
        {{"--quality", "good", "--method", "instant"}, usage, "contradict"}}) {
    Words dry = built_in(words);
    dry.push_back("--dry-run");
    expect_refused(dry, status, part);
    expect_refused(built_in(words), status, part);
    EXPECT_EQ(run_program(dry).err, run_program(built_in(words)).err);
  }
  expect_refused(built_in({"--dry-run", "--quiet"}), usage, "--dry-run");
}

}  // namespace
}  // namespace impasto::test
