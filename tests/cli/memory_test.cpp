// The program within --max-memory: the plan tells what is taken, and no more is.

#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

constexpr size_t mebi = size_t{1} << 20;

// What is reserved and never touched, beside what counts: libraries and their data (libvips has
// many), 8 MiB of stack for each thread, 64 MiB for each thread's malloc.
constexpr size_t reserved = 700 * mebi;

class MemoryTest : public CliTest {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers take memory of their own";
#endif
  }
  Words words(const std::string& photo, const std::string& out, const Words& more) const {
    Words all = {"stylize", photo, "--style", painting_, "-o", out, "--threads", "2"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  // The planned peak; 0 and a failure when there is no plan.
  size_t planned(Words command) const {
    command.insert(command.end(), {"--dry-run", "--json"});
    const Outcome outcome = run_program(command);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.status == 0
               ? nlohmann::json::parse(lines_of(outcome.out)[0]).at("peak_bytes").get<size_t>()
               : 0;
  }
  // Runs with just the memory that is planned for it.
  void expect_planned(const std::string& photo, const std::string& out, Words more) const {
    SCOPED_TRACE(testing::PrintToString(more));
    const size_t plan = planned(words(photo, out, more));
    const size_t most = (plan / mebi + 1) * mebi;
    more.insert(more.end(), {"--max-memory", std::to_string(most / mebi) + "M", "--quiet"});
    const Outcome outcome = run_program(words(photo, out, more), most + reserved);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_LE(outcome.peak_bytes, most);
    EXPECT_GE(static_cast<double>(outcome.peak_bytes), 0.7 * static_cast<double>(plan))
        << "planned " << plan / mebi << ", taken " << outcome.peak_bytes / mebi << " MiB";
  }
};

TEST_F(MemoryTest, OptimisingTakesWhatIsPlanned) {
  const std::string photo = folder_ / "large.png";
  write_image(resize(synthetic_picture(80, 64, 1), 700, 500), photo);
  for (const char* quality : {"best", "good"}) {
    for (const char* size : {"200", "512"}) {
      expect_planned(photo, folder_ / "out.jpg",
                     {"--quality", quality, "--size", size, "--iterations", "2"});
    }
  }
}

TEST_F(MemoryTest, PaintingAtOnceTakesWhatIsPlanned) {
  const std::string photo = folder_ / "large.png";
  write_image(resize(synthetic_picture(80, 64, 1), 2400, 1600), photo);
  for (const char* size : {"300", "1000", "2400"}) {
    expect_planned(photo, folder_ / "out.jpg", {"--quality", "draft", "--size", size});
  }
}

TEST_F(MemoryTest, PaintingLargePicturesInLittle) {
  const std::string photo = folder_ / "large.jpg";
  write_image(resize(synthetic_picture(80, 64, 1), 1800, 1200), photo);
  const Words draft = {"--quality", "draft"};
  const size_t usual = planned(words(photo, out_, draft));
  // The least that there is a plan for is told by the refusal of less.
  Words small = words(photo, folder_ / "out.jpg", draft);
  small.insert(small.end(), {"--max-memory", "100M"});
  const Outcome refused = run_program(small);
  ASSERT_EQ(refused.status, memory) << refused.err;
  const std::string before = "needs --max-memory ";
  ASSERT_NE(refused.err.find(before), std::string::npos) << refused.err;
  const size_t least =
      std::stoull(refused.err.substr(refused.err.find(before) + before.size())) * mebi;
  EXPECT_LT(least, usual * 9 / 10);
  small.back() = std::to_string(least / mebi) + "M";
  const Outcome outcome = run_program(small, least + reserved);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_LE(outcome.peak_bytes, least);
}

}  // namespace
}  // namespace impasto::test
