// impasto models style, and what stylize does with it.

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;

class StyleFileCli : public CliTest {
 protected:
  Words save(const Words& more = {}) const {
    Words words = {"models", "style",  painting_, "-o",        style_, "--network",
                   network_, "--size", "80",      "--threads", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  std::string style_ = folder_ / "a.style";
};

TEST_F(StyleFileCli, SavesDescribesAndPaints) {
  const Outcome outcome = run_program(save());
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("a.style: "));
  const Outcome info = run_program({"models", "info", style_});
  EXPECT_THAT(info.out, HasSubstr("painting  64x64"));
  EXPECT_THAT(info.out, HasSubstr("sizes     64, 80"));
  const auto json = nlohmann::json::parse(run_program({"models", "info", style_, "--json"}).out);
  EXPECT_EQ(json["kind"], "style");
  EXPECT_EQ(json["encoder"], network_);
  EXPECT_EQ(json["sizes"], (std::vector<int>{64, 80}));
  const std::string report = folder_ / "report.html";
  const Outcome painted = run_program(stylize(photo_, style_ + ":2", out_, {"--report", report}));
  EXPECT_EQ(painted.status, 0) << painted.err;
  EXPECT_EQ(read_image(out_).width(), 80);
  // The recipe names the file.
  const std::string again = folder_ / "again.png";
  EXPECT_EQ(run_program({"stylize", "--replay", out_, "-o", again}).status, 0);
  EXPECT_EQ(max_difference(read_image(again), read_image(out_)), 0);
}

TEST_F(StyleFileCli, RefusesBadFiles) {
  expect_refused(save({"-o", folder_ / "a.png"}), usage);
  expect_refused({"models", "style", painting_, "-o", folder_ / "a.png"}, usage, ".style");
  expect_refused({"models", "style", painting_, "-o", folder_ / "none/a.style"}, output, "none");
  expect_refused({"models", "style", folder_ / "no.png", "-o", style_}, input, "no.png");
  expect_refused({"models", "style", painting_, "-o", style_, "--size", "20"}, usage, "--size");
  ASSERT_EQ(run_program(save({"-q"})).status, 0);
  expect_refused({"models", "style", style_, "-o", folder_ / "b.style"}, input, "style file");
  Bytes bytes = load(style_);
  bytes.resize(bytes.size() - 1);
  store(folder_ / "cut.style", bytes);
  expect_refused(stylize(photo_, folder_ / "cut.style", out_), input, "cut.style");
  store(folder_ / "empty.style", "");
  expect_refused(stylize(photo_, folder_ / "empty.style", out_), input, "empty.style");
  std::filesystem::copy(painting_, folder_ / "picture.style");
  expect_refused(stylize(photo_, folder_ / "picture.style", out_), input, "picture.style");
  expect_refused(stylize(style_, painting_, out_), input, "a.style");
  expect_refused({"stylize", photo_, "--style", style_, "-o", out_}, input,
                 "expected statistics of the encoder small");
}

}  // namespace
}  // namespace impasto::test
