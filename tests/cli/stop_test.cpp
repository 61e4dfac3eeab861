// Signals: what is painted is kept, what is not wanted is dropped, and nothing lies about.

#include <signal.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Clock = std::chrono::steady_clock;

constexpr int stopped = 130;

template <class Happened>
bool wait_until(const Happened& happened) {
  const auto end = Clock::now() + std::chrono::seconds(30);
  while (!happened()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

bool is_being_written(const std::string& folder) {
  for (const std::string& name : names_in(folder)) {
    if (name.ends_with(".tmp")) return true;
  }
  return false;
}

TEST_F(CliTest, SavesTheBestSoFarWhenInterrupted) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    fs::remove(out_);
    Program program(stylize({"--iterations", "100000", "--json"}));
    EXPECT_TRUE(wait_until([&] { return !program.err().empty(); }));
    program.signal(number);
    if (number == SIGHUP) program.signal(number);  // as some terminals do
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.status, stopped) << outcome.err;
    EXPECT_EQ(nlohmann::json::parse(outcome.out).at("cancelled"), true);
    EXPECT_EQ(read_image(out_).width(), 80);
    EXPECT_EQ(names_in(folder_.path()).size(), 4u) << "nothing half-written";
  }
}

TEST_F(CliTest, GoesOnUnderNohup) {
  const auto before = std::signal(SIGHUP, SIG_IGN);  // children have it, too
  Program program(stylize({"--time", "1.5", "--json"}));
  std::signal(SIGHUP, before);
  EXPECT_TRUE(wait_until([&] { return !program.err().empty(); }));
  program.signal(SIGHUP);
  EXPECT_EQ(program.wait().status, 0);
  EXPECT_EQ(read_image(out_).width(), 80);
}

// A step that takes longer than anybody waits.
TEST_F(CliTest, PutsNothingInThePlaceOfAnEarlierResultBeforeItHasPainted) {
  ASSERT_EQ(run_program(stylize()).status, 0);
  const Bytes before = load(out_);
  Image map(64, 64);
  std::fill_n(map.row(20), 3 * 64, 1.0f);
  const std::string map_file = folder_ / "map.png";
  write_image(map, map_file);
  const size_t files = names_in(folder_.path()).size();
  const Words slow = {"-o",     out_,        "--scales", "1",           "--size", "3000",
                      "--json", "--threads", "1",        "--precision", "f32"};
  for (Words command :
       {Words{"stylize", photo_, "--style", painting_, "--quality", "best"},
        Words{"doodle", "--style", painting_, "--style-map", map_file, "--map", map_file},
        Words{"texture", painting_}}) {
    command.insert(command.end(), slow.begin(), slow.end());
    for (const int milliseconds : {20, 300, 900}) {
      SCOPED_TRACE(command[0] + " after " + std::to_string(milliseconds));
      Program program(command);
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      program.signal(SIGINT);
      const Outcome outcome = program.wait();
      EXPECT_EQ(outcome.status, stopped) << outcome.err;
      EXPECT_EQ(load(out_), before);
      EXPECT_EQ(names_in(folder_.path()).size(), files);
      if (outcome.out.empty()) continue;  // it had not even begun
      const auto done = nlohmann::json::parse(outcome.out);
      EXPECT_EQ(done.at("cancelled"), true);
      EXPECT_TRUE(done.at("output").is_null());
    }
  }
}

TEST_F(CliTest, DropsWhatItSavesAtASecondSignal) {
  Program program({"stylize", photo_, "--style", painting_, "-o", out_, "--quality", "draft",
                   "--size", "9000", "--json"});
  const auto has_painted = [&] {  // what is stopped before is not saved
    const Words lines = lines_of(program.err());
    for (const std::string& line : lines) {
      if (!line.ends_with("}")) continue;
      if (nlohmann::json::parse(line).at("fraction") > 0.1) return true;
    }
    return false;
  };
  ASSERT_TRUE(wait_until(has_painted)) << program.err();
  program.signal(SIGINT);
  ASSERT_TRUE(wait_until([&] { return is_being_written(folder_.path()); })) << program.err();
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_TRUE(is_being_written(folder_.path())) << "too small a picture for this test";
  EXPECT_THAT(program.err(), HasSubstr("\"stage\":\"saving\""));
  const auto begin = Clock::now();
  program.signal(SIGINT);
  EXPECT_EQ(program.wait().status, stopped);
  EXPECT_LT(seconds_since(begin), 1);
  EXPECT_EQ(names_in(folder_.path()).size(), 3u) << "nothing half-written";
}

TEST_F(CliTest, PaintsOnWhereAPreviewCannotBeWritten) {
  const std::string place = folder_ / "now";
  fs::create_directory(place);
  Program program(stylize({"--preview", place + "/p.png", "--iterations", "100000", "--json"}));
  EXPECT_TRUE(wait_until([&] { return fs::exists(place + "/p.png"); }));
  fs::remove_all(place);
  const auto noted = [&] { return count(program.err(), "impasto: note: " + place) == 1; };
  EXPECT_TRUE(wait_until(noted)) << program.err();
  std::this_thread::sleep_for(std::chrono::milliseconds(2200));  // two more are tried
  program.signal(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(count(outcome.err, "impasto: note: " + place), 1u);
  EXPECT_EQ(outcome.status, stopped);
  EXPECT_EQ(read_image(out_).width(), 80);
}

}  // namespace
}  // namespace impasto::test
