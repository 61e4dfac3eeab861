// impasto bench, as people run it.

#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;

class CliBench : public CliTest {
 protected:
  Words bench(const Words& more) const {
    Words words = {"bench", "--network", network_, "--threads", "1", "--skip-machine"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  const Words quick_ = {"--seconds", "0", "--steps", "1"};
};

TEST_F(CliBench, MeasuresEveryCombination) {
  Words words = bench(quick_);
  words.insert(words.end(), {"--size", "32,48", "--precision", "f32,auto", "--json", "--style-loss",
                             "gram", "--content-layers", "relu3_1=2,relu4_2"});
  const Outcome outcome = run_program(words);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  ASSERT_EQ(json["steps"].size(), 4u);
  std::set<int> widths;
  for (const auto& step : json["steps"]) {
    widths.insert(step["width"].get<int>());
    EXPECT_EQ(step["network"], network_);
    EXPECT_EQ(step["steps"], 1);
    EXPECT_GT(step["median_ms"], 0);
    EXPECT_GT(step["peak_bytes"], step["planned_bytes"]);
  }
  EXPECT_EQ(widths, (std::set{32, 48}));
  EXPECT_FALSE(json.contains("machine"));
}

TEST_F(CliBench, PrintsATable) {
  Words words = bench(quick_);
  words.insert(words.end(), {photo_, "--style", painting_, "--precision", "f32", "-q"});
  const Outcome outcome = run_program(words);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  const Words lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr("step ms"));
  EXPECT_THAT(lines[1], HasSubstr("80x64"));
  EXPECT_THAT(lines[1], HasSubstr("f32"));
}

TEST_F(CliBench, StopsWhenInterrupted) {
  Program program(bench({"--seconds", "3000", "--size", "64", "--precision", "f32"}));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  program.signal(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, 130);
}

TEST_F(CliBench, RefusesNonsense) {
  expect_refused(bench({"--size", "32,x"}), usage, "--size");
  expect_refused(bench({"--precision", "f32,f8"}), usage, "--precision");
  expect_refused(bench({"--steps", "0"}), usage, "--steps");
  expect_refused(bench({"-q", "--json"}), usage, "contradict");
  expect_refused(bench({folder_ / "none.png"}), input, "none.png");
}

}  // namespace
}  // namespace impasto::test
