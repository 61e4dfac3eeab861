#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "cli/program.h"
#include "image/samples.h"
#include "support/stylize_fixture.h"

namespace impasto::test {

/// A folder with a photograph, a painting and a network, to run the program on.
class CliTest : public testing::Test {
 protected:
  CliTest() {
    write_image(synthetic_picture(80, 64, 1), photo_);
    write_image(synthetic_picture(64, 64, 2), painting_);
    write_random_network(network_);
  }

  /// stylize with few steps; `more` comes last.
  Words stylize(const std::string& photo, const std::string& painting, const std::string& result,
                const Words& more = {}) const {
    Words words = {"stylize", photo, "--style", painting, "-o", result};
    words.insert(words.end(), {"--network", network_, "--threads", "1"});
    const bool limited = std::find(more.begin(), more.end(), "--time") != more.end() ||
                         std::find(more.begin(), more.end(), "--iterations") != more.end();
    if (!limited) words.insert(words.end(), {"--iterations", "3"});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Words stylize(const Words& more = {}) const { return stylize(photo_, painting_, out_, more); }

  /// Must fail with this status and one line that contains `part`, and leave no trace.
  void expect_refused(const Words& words, int status, const std::string& part = "") {
    const auto before = names_in(folder_.path());
    const Outcome outcome = run_program(words);
    const std::string command = testing::PrintToString(words);
    EXPECT_EQ(outcome.status, status) << command << "\n" << outcome.err;
    EXPECT_EQ(outcome.out, "") << command;
    const Words lines = lines_of(outcome.err);
    ASSERT_EQ(lines.size(), 1u) << command << "\n" << outcome.err;
    EXPECT_THAT(lines[0], testing::StartsWith("impasto: ")) << command;
    EXPECT_THAT(lines[0], testing::HasSubstr(part)) << command;
    EXPECT_EQ(names_in(folder_.path()), before) << command;
  }

  // Exit statuses, as apps/cli/main.cpp gives them.
  static constexpr int usage = 2, input = 3, output = 4, memory = 5, unsupported = 6;

  TempFolder folder_;
  std::string photo_ = folder_ / "photo.png", painting_ = folder_ / "painting.png",
              network_ = folder_ / "net.safetensors", out_ = folder_ / "out.png";
};

}  // namespace impasto::test
