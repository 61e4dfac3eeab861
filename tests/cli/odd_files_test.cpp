// Files that no command may crash on, hang on, say nothing about, or leave half a result for.

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "cli/cli_fixture.h"
#include "cli/odd_files.h"
#include "support/instant_network.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using testing::HasSubstr;

class OddFilesTest : public CliTest {
 protected:
  OddFilesTest() {
    write_instant_network(network_);
    write_image(synthetic_picture(48, 40, 7), map_);
    fs::create_directories(wholes_);
  }

  /// Every way into the program that takes a picture; each writes out_ or nothing.
  std::vector<Words> commands(const std::string& odd) const {
    const Words network = {"--network", network_, "--threads", "1", "-q"};
    const Words draft = {"--method", "instant", "--size", "40"};
    std::vector<Words> all = {{"stylize", odd, "--style", painting_, "-o", out_},
                              {"stylize", photo_, "--style", odd, "-o", out_},
                              {"stylize", photo_, "--style", painting_, "--mask", odd, "-o", out_},
                              {"stylize", photo_, "--region", odd + "=" + painting_, "-o", out_},
                              {"stylize", photo_, "--style", painting_, "--sweep", "styles:2",
                               "--style", odd, "-o", out_}};
    for (Words& words : all) words.insert(words.end(), draft.begin(), draft.end());
    all.push_back({"stylize", "--replay", odd, "-o", out_});
    all.push_back({"stylize", photo_, "--style", odd, "--dry-run", "-o", out_});
    all.push_back({"texture", odd, "--size", "40x32", "--iterations", "2", "-o", out_});
    all.push_back({"doodle", "--style", painting_, "--style-map", odd, "--map", map_,
                   "--iterations", "2", "--size", "32", "-o", out_});
    all.push_back({"doodle", "--style", painting_, "--style-map", painting_, "--map", odd,
                   "--iterations", "2", "--size", "32", "-o", out_});
    all.push_back({"inspect", odd, "-o", out_, "--size", "64", "--json"});
    for (Words& words : all) {
      const bool json = words.back() == "--json";
      words.insert(words.end(), network.begin(), network.end() - (json ? 1 : 0));
    }
    return all;
  }

  void expect_sense(const Words& words, const std::string& odd) {
    const auto before = names_in(folder_.path());
    const auto begin = Clock::now();
    const Outcome outcome = run_program(words);
    const std::string said = testing::PrintToString(words) + "\n" + outcome.err;
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(30)) << said;
    EXPECT_THAT(outcome.err, testing::Not(HasSubstr("Sanitizer"))) << said;
    EXPECT_THAT(outcome.err, testing::Not(HasSubstr("runtime error"))) << said;
    EXPECT_THAT(outcome.err, testing::Not(HasSubstr("its decoder"))) << said;  // none crashed
    auto after = names_in(folder_.path());
    if (outcome.status == 0) {
      const bool written = after.erase(fs::path(out_).filename().string()) > 0;
      if (written) {
        EXPECT_NO_THROW(read_image(out_)) << said;
      }
      fs::remove(out_);
    } else {
      EXPECT_GE(outcome.status, 2) << said;
      EXPECT_LE(outcome.status, 6) << said;
      const Words lines = lines_of(outcome.err);
      ASSERT_GE(lines.size(), 1u) << said;
      EXPECT_THAT(lines.back(), testing::StartsWith("impasto: ")) << said;
    }
    EXPECT_EQ(after, before) << said << odd;
  }

  /// All files in one folder, as photographs and as paintings.
  void expect_sense_of_folders(const std::string& odd) {
    for (const bool photos : {true, false}) {
      const std::string results = folder_ / "results";
      Words words = {"stylize",   photos ? odd : photo_,
                     "--style",   photos ? painting_ : odd,
                     "-o",        results,
                     "--format",  "png",
                     "--method",  "instant",
                     "--size",    "40",
                     "--network", network_,
                     "--threads", "1"};
      const Outcome outcome = run_program(words);
      EXPECT_EQ(outcome.status, 8) << outcome.err.substr(0, 2000);  // some failed
      EXPECT_THAT(outcome.err, testing::Not(HasSubstr("Sanitizer")));
      EXPECT_THAT(outcome.err, testing::Not(HasSubstr("its decoder")));
      for (const auto& entry : fs::directory_iterator(results)) {
        if (entry.is_regular_file()) {
          EXPECT_NO_THROW(read_image(entry.path().string()));
        }
      }
      fs::remove_all(results);
    }
  }

  const std::string wholes_ = folder_ / "wholes", odds_ = folder_ / "odds",
                    map_ = folder_ / "map.png";
};

TEST_F(OddFilesTest, MakeSenseToOneCommandEach) {
  OddFiles files(wholes_, 1);
  fs::create_directories(odds_);
  for (int i = 0; i < 22; ++i) {
    const std::string odd = files.write(odds_ + "/" + std::to_string(i));
    const std::vector<Words> all = commands(odd);
    expect_sense(all[static_cast<size_t>(i) % all.size()], odd);
  }
}

class SlowOddFilesTest : public OddFilesTest {};

/// IMPASTO_ODD_FILES and IMPASTO_ODD_SEED tell how many and which.
TEST_F(SlowOddFilesTest, MakeSenseToEveryCommand) {
  const auto number = [](const char* name, int usual) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::atoi(text) : usual;
  };
  const int count = number("IMPASTO_ODD_FILES", 500);
  OddFiles files(wholes_, static_cast<uint64_t>(number("IMPASTO_ODD_SEED", 2)));
  fs::create_directories(odds_);
  for (int i = 0; i < count; ++i) {
    const std::string odd = files.write(odds_ + "/" + std::to_string(i));
    for (const Words& words : commands(odd)) expect_sense(words, odd);
    if (HasFailure()) break;  // one is enough to look at
  }
  expect_sense_of_folders(odds_);
}

}  // namespace
}  // namespace impasto::test
