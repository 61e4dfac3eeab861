// Decoders that crash, or never end, take one picture with them and nothing else.

#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "cli/cli_fixture.h"
#include "support/instant_network.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

class FaultyDecoder : public CliTest {
 protected:
  FaultyDecoder() {
    write_instant_network(network_);
    const char* before = std::getenv("ASAN_OPTIONS");
    asan_ = before != nullptr ? before : "";
    setenv("ASAN_OPTIONS", (asan_ + ":verify_asan_link_order=0").c_str(), 1);
    setenv("LD_PRELOAD", IMPASTO_FAULTY_DECODER, 1);
  }
  ~FaultyDecoder() override {
    unsetenv("LD_PRELOAD");
    setenv("ASAN_OPTIONS", asan_.c_str(), 1);
  }

  /// A picture that is well but for what its decoder is asked to do.
  std::string webp(const std::string& name, const std::string& wish) const {
    fs::create_directories(photos_);
    const std::string path = photos_ + "/" + name;
    write_image(synthetic_picture(64, 48, 3), path);
    Bytes file = load(path);
    file.insert(file.end(), wish.begin(), wish.end());
    store(path, file);
    return path;
  }
  Words paint(const std::string& photo, const std::string& out, const Words& more = {}) const {
    Words words = {"stylize", "--method", "instant", "--network", network_, "--threads",
                   "1",       photo,      "--style", painting_,   "-o",     out};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  std::string photos_ = folder_ / "photos", results_ = folder_ / "results", asan_;
  static constexpr int some_failed = 8, stopped = 130;
};

TEST_F(FaultyDecoder, ThatCrashesIsALine) {
  const std::string bad = webp("bad.webp", "crash!");
  const std::string words = "bad.webp: is damaged: its decoder crashed (SIGABRT)";
  expect_refused(paint(bad, out_), input, words);
  expect_refused(paint(photo_, out_, {"--mask", bad}), input, words);
  expect_refused(paint(photo_, out_, {"--dry-run", "--style", bad}), input, words);
  expect_refused({"stylize", "--replay", bad, "-o", out_}, input, words);
  expect_refused({"texture", bad, "-o", out_}, input, words);
  expect_refused({"inspect", bad, "-o", out_}, input, words);
}

TEST_F(FaultyDecoder, ThatCrashesTakesNothingElseInAFolder) {
  for (const char* name : {"b.webp", "c.webp", "e.webp"}) webp(name, "crash!");
  for (const char* name : {"a.webp", "d.webp", "f.webp"}) webp(name, "");
  const Outcome outcome = run_program(paint(photos_, results_));
  EXPECT_EQ(outcome.status, some_failed) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("results: 3 painted, 3 failed"));
  for (const char* name : {"b.webp", "c.webp", "e.webp"}) {
    EXPECT_THAT(outcome.err, HasSubstr(std::string(name) + ": is damaged: its decoder crashed"));
  }
  EXPECT_EQ(names_in(results_), (std::set<std::string>{".impasto", "a.webp", "d.webp", "f.webp"}));
}

TEST_F(FaultyDecoder, ThatHangsIsLeftWhenTheProgramIsStopped) {
  webp("a.webp", "");
  for (const char* wish : {"hang!!", "sleep!"}) {
    webp("b.webp", wish);
    for (const int number : {SIGTERM, SIGINT}) {
      fs::remove_all(results_);
      Program program(paint(photos_, results_));
      const auto end = Clock::now() + std::chrono::seconds(30);
      while (!fs::exists(results_ + "/a.webp") && Clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      const auto asked = Clock::now();
      program.signal(number);
      const Outcome outcome = program.wait();
      EXPECT_LT(Clock::now() - asked, std::chrono::seconds(3)) << wish;
      EXPECT_EQ(outcome.status, stopped) << outcome.err;
      EXPECT_EQ(names_in(results_), (std::set<std::string>{".impasto", "a.webp"}));
    }
  }
  Program program(paint(photos_ + "/b.webp", out_));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait().status, 128 + SIGTERM);
}

class SlowFaultyDecoder : public FaultyDecoder {};

TEST_F(SlowFaultyDecoder, ThatNeverEndsIsALineAfterSomeSeconds) {
  webp("a.webp", "");
  webp("c.webp", "");
  for (const auto& [wish, words] :
       {std::pair("hang!!", "comes to no end"), std::pair("sleep!", "stands still")}) {
    webp("b.webp", wish);
    fs::remove_all(results_);
    const Outcome outcome = run_program(paint(photos_, results_));
    EXPECT_EQ(outcome.status, some_failed) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(std::string("b.webp: is damaged: its decoder ") + words));
    EXPECT_EQ(names_in(results_), (std::set<std::string>{".impasto", "a.webp", "c.webp"}));
  }
}

}  // namespace
}  // namespace impasto::test
