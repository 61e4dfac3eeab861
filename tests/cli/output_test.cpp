// Where output goes: links, protected files, full disks.

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class OutputCli : public CliTest {
 protected:
  /// Runs it with standard output on a full disk. What it says, after checking its status.
  std::string into_full_disk(const Words& words) const {
    std::string command = IMPASTO_PROGRAM;
    for (const std::string& word : words) command += " '" + word + "'";
    const std::string said = folder_ / "said";
    const int status = std::system((command + " > /dev/full 2> " + said).c_str());
    EXPECT_EQ(WEXITSTATUS(status), output) << command;
    const Bytes bytes = load(said);
    fs::remove(said);
    return {bytes.begin(), bytes.end()};
  }
};

TEST_F(OutputCli, AFullDiskIsAnErrorWhateverIsPrinted) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  Words dry = stylize({"--dry-run"}), json_dry = stylize({"--dry-run", "--json"});
  for (const Words& words : {Words{"--version"},
                             {"--help"},
                             {"stylize", "--help"},
                             {"models", "list"},
                             {"models", "list", "--json"},
                             {"models", "info", "small"},
                             dry,
                             json_dry,
                             {"inspect", photo_, "--json"},
                             {"inspect", photo_, "-o", folder_ / "sheet.png"}}) {
    const std::string said = into_full_disk(words);
    EXPECT_THAT(said, testing::StartsWith("impasto: standard output: cannot be written"));
    EXPECT_EQ(lines_of(said).size(), 1u) << said;
  }
  EXPECT_THAT(into_full_disk(stylize({"--json"})), HasSubstr("standard output: cannot be written"));
  EXPECT_EQ(read_image(out_).width(), 80) << "the picture is there all the same";
}

TEST_F(OutputCli, WritesThroughLinks) {
  fs::create_directory(folder_ / "place");
  for (const char* name : {"out.png", "preview.png", "report.html"}) {
    fs::create_symlink(std::string("place/") + name, folder_ / name);
  }
  const Outcome outcome = run_program(
      stylize({"--preview", folder_ / "preview.png", "--report", folder_ / "report.html"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* name : {"out.png", "preview.png", "report.html"}) {
    EXPECT_TRUE(fs::is_symlink(folder_ / name)) << name;
    EXPECT_GT(fs::file_size(folder_ / name), 100u) << name;
  }
  EXPECT_EQ(names_in(folder_ / "place").size(), 3u);
}

TEST_F(OutputCli, ReplacesNoWriteProtectedFile) {
  for (const char* name : {"p.png", "p.html", "p.style", "p.safetensors"}) {
    store(folder_ / name, std::string("precious"));
    chmod((folder_ / name).c_str(), 0444);
  }
  const std::string picture = folder_ / "p.png",
                    why = "p.png: cannot be written: is write-protected";
  expect_refused(stylize(photo_, painting_, picture), output, why);
  expect_refused(stylize({"--preview", picture}), output, why);
  expect_refused(stylize({"--report", folder_ / "p.html"}), output, "p.html");
  expect_refused(stylize(photo_, painting_, picture, {"--sweep", "strength=0:100:2"}), output, why);
  expect_refused({"texture", painting_, "-o", picture}, output, why);
  expect_refused({"inspect", photo_, "-o", picture}, output, why);
  expect_refused({"models", "style", painting_, "-o", folder_ / "p.style"}, output, "p.style");
  const Outcome import =
      run_program({"models", "import", network_, "-o", folder_ / "p.safetensors"});
  EXPECT_EQ(import.status, output);
  EXPECT_THAT(import.err, HasSubstr("p.safetensors: cannot be written: is write-protected"));
  EXPECT_EQ(load(picture).size(), 8u);
}

TEST_F(OutputCli, AFileThatGrowsTooLargeIsOneLine) {
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{2000, before.rlim_max};
  const auto files = names_in(folder_.path());
  setrlimit(RLIMIT_FSIZE, &small);  // children have it, too
  const Outcome outcome = run_program(stylize({"-q"}));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(outcome.status, output);
  EXPECT_EQ(outcome.err, "impasto: " + out_ + ": cannot be written: File too large\n");
  EXPECT_EQ(names_in(folder_.path()), files);
}

}  // namespace
}  // namespace impasto::test
