// impasto stylize on folders.

#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/cli_fixture.h"
#include "support/instant_network.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CliBatch : public CliTest {
 protected:
  CliBatch() {
    write_instant_network(network_);
    fs::create_directories(photos_);
    fs::create_directories(styles_);
    for (const char* name : {"a.jpg", "b.png", "c.png"}) {
      write_image(synthetic_picture(64, 48, static_cast<uint64_t>(name[0])), photos_ + "/" + name);
    }
    write_image(synthetic_picture(48, 48, 5), styles_ + "/x.png");
    write_image(synthetic_picture(56, 48, 6), styles_ + "/y.png");
  }
  Words batch(const Words& more = {}) const { return batch({photos_}, styles_, out_ + "/", more); }
  Words batch(const Words& photos, const std::string& style, const std::string& out,
              const Words& more = {}) const {
    Words words = {"stylize", "--method", "instant", "--network", network_, "--threads", "1"};
    words.insert(words.end(), photos.begin(), photos.end());
    words.insert(words.end(), {"--style", style, "-o", out});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  std::string photos_ = folder_ / "photos", styles_ = folder_ / "styles", out_ = folder_ / "out";
  static constexpr int some_failed = 8, stopped = 130;
};

TEST_F(CliBatch, TellsNotesUnlessQuiet) {
  save_pages(photos_ + "/film.gif", 3);
  const Outcome outcome = run_program(batch());
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("impasto: note: " + photos_ + "/film.gif: is animated"));
  fs::remove_all(out_);
  EXPECT_EQ(run_program(batch({"-q"})).err, "");
}

TEST_F(CliBatch, TakesFileNamesThatAreNotUtf8) {
  fs::rename(photos_ + "/a.jpg", photos_ + "/caf\xe9.jpg");
  fs::rename(styles_ + "/x.png", styles_ + "/\xfc.png");
  const Outcome outcome = run_program(batch({"--json"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const std::string& line : lines_of(outcome.out + outcome.err)) {
    EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  }
  EXPECT_EQ(nlohmann::json::parse(lines_of(outcome.out).back()).at("painted"), 6);
  EXPECT_EQ(run_program(batch({"--json", "--dry-run"})).status, 0);
}

TEST_F(CliBatch, PaintsFoldersAndGoesOnWhereItStopped) {
  Outcome outcome = run_program(batch());
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("out/: 6 painted, "));
  EXPECT_EQ(names_in(out_), (std::set<std::string>{".impasto", "a_x.jpg", "a_y.jpg", "b_x.png",
                                                   "b_y.png", "c_x.png", "c_y.png"}));
  EXPECT_EQ(read_image(out_ + "/a_x.jpg").width(), 64);
  fs::remove(out_ + "/b_x.png");
  outcome = run_program(batch());
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("out/: 1 painted, 5 done before, "));
  EXPECT_EQ(run_program(batch({"-q"})).err, "");
}

TEST_F(CliBatch, PairsAndConvertsAndTakesSeveralFiles) {
  EXPECT_EQ(run_program(batch({photos_ + "/a.jpg", photos_ + "/c.png"}, styles_, out_,
                              {"--pairing", "paired", "--format", "webp"}))
                .status,
            0);
  EXPECT_EQ(names_in(out_), (std::set<std::string>{".impasto", "a_x.webp", "c_y.webp"}));
  const std::string mixed = folder_ / "mixed";
  EXPECT_EQ(
      run_program(batch({photos_}, styles_ + "/x.png:2", mixed, {"--style", styles_ + "/y.png"}))
          .status,
      0);
  EXPECT_EQ(names_in(mixed), (std::set<std::string>{".impasto", "a.jpg", "b.png", "c.png"}));
  EXPECT_EQ(nlohmann::json::parse(read_recipe(mixed + "/b.png")).at("style_weights"),
            (std::vector<double>{2, 1}));
  // One picture into a folder.
  EXPECT_EQ(run_program(batch({photo_}, painting_, mixed)).status, 0);
  EXPECT_TRUE(fs::exists(mixed + "/photo.png"));
}

TEST_F(CliBatch, TellsBadFilesOnceAndGoesOn) {
  store(photos_ + "/bad.jpg", "not a picture");
  store(styles_ + "/z.png", "");
  const Outcome outcome = run_program(batch());
  EXPECT_EQ(outcome.status, some_failed);
  EXPECT_THAT(outcome.err, HasSubstr("out/: 6 painted, 6 failed, "));
  const Words lines = lines_of(outcome.err);
  const auto about = [&](const std::string& file) {
    return std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find("impasto: ") == 0 && line.find(file) != std::string::npos;
    });
  };
  EXPECT_EQ(about("photos/bad.jpg: is not a picture"), 1);
  EXPECT_EQ(about("styles/z.png: expected a picture, found an empty file"), 1);
  EXPECT_EQ(names_in(out_).size(), 7u);
  EXPECT_EQ(run_program(batch({"-q"})).status, some_failed) << "it is still bad";
}

TEST_F(CliBatch, SpeaksJson) {
  store(photos_ + "/bad.jpg", "not a picture");
  run_program(batch({photos_ + "/a.jpg"}, styles_, out_));
  const Outcome outcome = run_program(batch({"--json"}));
  EXPECT_EQ(outcome.status, some_failed);
  std::map<std::string, int> count;
  nlohmann::json done;
  for (const std::string& line : lines_of(outcome.out)) {
    const nlohmann::json event = nlohmann::json::parse(line);
    if (event.at("event") == "picture") {
      if (event.at("status") == "painted") {
        EXPECT_GT(event.at("scores").at("style"), 0);
      }
      ++count[event.at("status")];
      EXPECT_EQ(event.contains("error"), event.at("status") == "failed");
      EXPECT_EQ(fs::exists(std::string(event.at("output"))), event.at("status") != "failed");
    } else {
      done = event;
    }
  }
  EXPECT_EQ(count, (std::map<std::string, int>{{"painted", 4}, {"skipped", 2}, {"failed", 2}}));
  EXPECT_EQ(done.at("event"), "done");
  EXPECT_EQ(done.at("painted"), 4);
  EXPECT_EQ(done.at("left"), 0);
  double fraction = 0;
  for (const std::string& line : lines_of(outcome.err)) {
    if (line.find("impasto: ") == 0) continue;
    const nlohmann::json event = nlohmann::json::parse(line);
    EXPECT_EQ(event.at("event"), "progress");
    EXPECT_GE(event.at("fraction"), fraction);
    fraction = event.at("fraction");
  }
  EXPECT_EQ(fraction, 1);
}

TEST_F(CliBatch, StopsWhenInterruptedAndGoesOn) {
  write_random_network(network_);
  const auto slow = [&](const std::string& iterations) {
    return Words{"stylize", photos_,     "--style",      painting_,   "-o",
                 out_,      "--network", network_,       "--threads", "1",
                 "--size",  "64",        "--iterations", iterations,  "--json"};
  };
  // The first is short: 100,000 steps would not end.
  Program program(slow("400"));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!fs::exists(out_ + "/a.jpg") && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  program.signal(SIGHUP);  // a terminal that is closed
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, stopped) << outcome.err;
  const nlohmann::json done = nlohmann::json::parse(lines_of(outcome.out).back());
  EXPECT_EQ(done.at("cancelled"), true);
  EXPECT_GE(done.at("painted"), 1);
  EXPECT_EQ(done.at("painted").get<size_t>() + done.at("left").get<size_t>(), 3u);
  size_t files = 0;
  for (const std::string& name : names_in(out_)) files += name[0] != '.';
  EXPECT_EQ(files, done.at("painted").get<size_t>()) << "no half-painted picture";

  const Outcome again = run_program(slow("400"));
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(nlohmann::json::parse(lines_of(again.out).back()).at("skipped"), done.at("painted"));
}

TEST_F(CliBatch, RefusesWithALineEach) {
  const std::string empty = folder_ / "empty";
  fs::create_directories(empty);
  expect_refused(batch({empty}, styles_, out_), input, "empty: expected a folder with pictures");
  expect_refused(batch({photos_}, empty, out_), input, "empty: expected a folder with pictures");
  expect_refused(batch({folder_ / "nowhere", photo_}, styles_, out_), input,
                 "nowhere: no such file or folder");
  expect_refused(batch({photos_}, styles_, photo_), output,
                 "expected a folder for the results, found a file");
  expect_refused(batch({photos_}, styles_, folder_ / "out.jpg"), usage, "photos is one, found");
  expect_refused(batch({photos_}, styles_, photos_), usage, "would fall among the photographs");
  expect_refused(batch({"--pairing", "paired"}), usage, "found 3 photographs and 2 paintings");
  expect_refused(batch({"--pairing", "some"}), usage, "all|paired, found 'some'");
  expect_refused(batch({"--format", "bmp2"}), usage, "--format: expected a picture's extension");
  expect_refused(batch({"--preview", folder_ / "p.png"}), usage, "--preview is for one picture");
  expect_refused(batch({"--report", folder_ / "r.html"}), usage, "--report is for one picture");
  expect_refused(batch({photos_}, styles_ + "/x.png:2", out_,
                       {"--style", styles_ + "/y.png", "--pairing", "all"}),
                 usage, "is for mixtures");
  expect_refused(batch({"--strength", "101"}), usage, "--strength");
  expect_refused(batch({photos_}, styles_, photo_ + "/x/"), output);
}

}  // namespace
}  // namespace impasto::test
