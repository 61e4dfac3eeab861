// The program within --max-memory: the plan tells what is taken, and no more is.

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "backend/machine.h"
#include "base/isa.h"
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
  static std::string text_of(size_t bytes) {
    return std::to_string(bytes / mebi) + "M";
  }
  // A failure when there is no plan.
  nlohmann::json plan_of(Words command, size_t most = 0) const {
    command.insert(command.end(), {"--dry-run", "--json"});
    if (most > 0) command.insert(command.end(), {"--max-memory", text_of(most)});
    const Outcome outcome = run_program(command);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.status == 0 ? nlohmann::json::parse(lines_of(outcome.out)[0])
                               : nlohmann::json({{"peak_bytes", 0}});
  }
  size_t planned(const Words& command) const {
    return plan_of(command).at("peak_bytes").get<size_t>();
  }
  // The least that there is a plan for, in whole mebibytes: the refusal of less tells it.
  size_t least_for(Words command) const {
    command.insert(command.end(), {"--max-memory", "100M"});
    const Outcome refused = run_program(command);
    EXPECT_EQ(refused.status, memory) << refused.err;
    const std::string before = "needs --max-memory ";
    const size_t at = refused.err.find(before);
    EXPECT_NE(at, std::string::npos) << refused.err;
    return at == std::string::npos ? 0 : std::stoull(refused.err.substr(at + before.size())) * mebi;
  }
  // Runs with that much, and has no more.
  Outcome expect_within(Words command, size_t most) const {
    SCOPED_TRACE(text_of(most));
    command.insert(command.end(), {"--max-memory", text_of(most), "--quiet"});
    const Outcome outcome = run_program(command, most / mebi * mebi + reserved);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_LE(outcome.peak_bytes, most / mebi * mebi);
    return outcome;
  }
  // Takes what is planned for it: 85 to 100 %. Without AVX-512, and with AMX, oneDNN asks for more
  // scratch memory than it touches.
  void expect_planned(const std::string& photo, const std::string& out, const Words& more) const {
    expect_planned(words(photo, out, more));
  }
  void expect_planned(const Words& command) const {
    SCOPED_TRACE(testing::PrintToString(command));
    const size_t plan = planned(command);
    const Outcome outcome = expect_within(command, plan + mebi);
    EXPECT_LE(outcome.peak_bytes, plan);
    const bool touches_less =
        best_isa() == Isa::avx2 || processor_instructions() == "avx512_core_amx";
    const double least = best_isa() == Isa::base ? 0.75 : touches_less ? 0.8 : 0.85;
    EXPECT_GE(static_cast<double>(outcome.peak_bytes), least * static_cast<double>(plan))
        << "planned " << plan / mebi << ", taken " << outcome.peak_bytes / mebi << " MiB";
  }
};

TEST_F(MemoryTest, OptimisingTakesWhatIsPlanned) {
  const std::string photo = folder_ / "large.png";
  write_image(resize(synthetic_picture(80, 64, 1), 700, 500), photo);
  for (const char* quality : {"best", "good"}) {
    for (const char* size : {"200", "512"}) {
      expect_planned(photo, folder_ / "out.jpg",
                     {"--quality", quality, "--size", size, "--iterations", "14"});
    }
  }
}

TEST_F(MemoryTest, PaintingLikeWhatResemblesItTakesWhatIsPlanned) {
  const std::string photo = folder_ / "large.png";
  write_image(resize(synthetic_picture(80, 64, 1), 700, 500), photo);
  expect_planned(photo, folder_ / "out.jpg",
                 {"--quality", "best", "--match", "60", "--iterations", "14"});
}

TEST_F(MemoryTest, PaintingAtOnceTakesWhatIsPlanned) {
  const std::string photo = folder_ / "large.png";
  write_image(resize(synthetic_picture(80, 64, 1), 2400, 1600), photo);
  for (const char* size : {"300", "1000", "2400"}) {
    expect_planned(photo, folder_ / "out.jpg", {"--quality", "draft", "--size", size});
    expect_planned(photo, folder_ / "out.jpg", {"--method", "instant", "--size", size});
  }
}

TEST_F(MemoryTest, PaintingLargePicturesInLittle) {
  const std::string photo = folder_ / "large.jpg";
  write_image(resize(synthetic_picture(80, 64, 1), 1800, 1200), photo);
  const Words draft = {"--quality", "draft"};
  const size_t least = least_for(words(photo, folder_ / "out.jpg", draft));
  EXPECT_LT(least, planned(words(photo, out_, draft)) * 9 / 10);
  expect_within(words(photo, folder_ / "out.jpg", draft), least);
}

// Window by window; with the least there is, and with enough for more of an optimiser.
TEST_F(MemoryTest, OptimisingLargePicturesInLittle) {
  const std::string photo = folder_ / "large.png";
  write_image(resize(synthetic_picture(80, 64, 1), 900, 650), photo);
  const Words best = words(photo, folder_ / "out.jpg", {"--quality", "best", "--iterations", "10"});
  const size_t least = least_for(best), usual = planned(best);
  EXPECT_LT(least, usual * 7 / 10);
  for (const size_t budget : {least, usual - usual / 20}) {
    const nlohmann::json plan = plan_of(best, budget);
    EXPECT_GT(plan.at("stages").back().at("windows"), 1);
    EXPECT_EQ(plan.at("stages").back().at("optimizer"),
              budget == least ? "memoryless bfgs" : "l-bfgs");
    EXPECT_EQ(plan.at("stages").front().at("windows"), 1);
    expect_within(best, budget);
  }
}

// Red above, blue below.
void write_map(const std::string& path, int width, int height) {
  Image map(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) map.row(y)[3 * x + (y < height / 2 ? 0 : 2)] = 1;
  }
  write_image(map, path);
}

TEST_F(MemoryTest, RegionsTakeWhatIsPlanned) {
  const std::string photo = folder_ / "large.png", left = folder_ / "left.png";
  write_image(resize(synthetic_picture(80, 64, 1), 1200, 900), photo);
  Image mask(1200, 900);
  for (int y = 0; y < 900; ++y) std::fill_n(mask.row(y), 1800, 1.0f);
  write_image(mask, left);
  for (const Words& more :
       {Words{"--quality", "draft"}, {"--quality", "best", "--iterations", "14"}}) {
    Words command = words(photo, out_, more);
    command.insert(command.end(), {"--region", left + "=" + painting_});
    expect_planned(command);
  }
}

TEST_F(MemoryTest, DoodlesTakeWhatIsPlanned) {
  const std::string style_map = folder_ / "a.png", map = folder_ / "b.png";
  write_map(style_map, 64, 64);
  write_map(map, 640, 480);
  Words command = {"doodle", "--style",  painting_, "--style-map",  style_map,
                   "--map",  map,        "-o",      out_,           "--threads",
                   "2",      "--scales", "1",       "--iterations", "14"};
  expect_planned(command);
  expect_within(command, least_for(command));
  command.insert(command.end(), {"--size", "400", "--content", photo_});
  expect_planned(command);
}

TEST_F(MemoryTest, TexturesTakeWhatIsPlanned) {
  Words command = {"texture",   painting_, "-o",           out_, "--size",        "640x480",
                   "--scales",  "1",       "--iterations", "14", "--style-scale", "3",
                   "--threads", "2"};
  expect_planned(command);
  expect_within(command, least_for(command));
  command.push_back("--tileable");
  expect_planned(command);
  EXPECT_GT(least_for(command), planned(command) - 2 * mebi) << "tiles have no windows";
}

// Whatever address space there is: a picture, or one line and nothing left behind.
class AddressSpaceTest : public MemoryTest {
 protected:
  void expect_picture_or_line(const Words& command, size_t most) const {
    SCOPED_TRACE(text_of(most) + " for " + testing::PrintToString(command));
    const auto before = names_in(folder_.path());
    const Outcome outcome = run_program(command, most);
    if (outcome.status == 0) {
      EXPECT_TRUE(std::filesystem::exists(out_));
      std::filesystem::remove(out_);
    } else {
      EXPECT_EQ(outcome.status, memory) << outcome.err;
      EXPECT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
      EXPECT_THAT(outcome.err, testing::StartsWith("impasto: "));
    }
    EXPECT_EQ(names_in(folder_.path()), before);
  }
  std::vector<Words> commands() const {
    const std::string photo = folder_ / "large.png", map = folder_ / "map.png";
    write_image(resize(synthetic_picture(80, 64, 1), 700, 500), photo);
    write_image(Image(64, 64), map);
    std::vector<Words> all;
    for (const char* quality : {"draft", "good", "best"}) {
      all.push_back(words(photo, out_, {"--quality", quality, "--iterations", "3", "-q"}));
    }
    all[0] = words(photo, out_, {"--quality", "draft", "-q"});
    all.push_back(
        {"texture", painting_, "-o", out_, "--size", "400x300", "--iterations", "3", "-q"});
    all.push_back({"doodle", "--style", painting_, "--style-map", map, "--map", map, "-o", out_,
                   "--iterations", "3", "-q"});
    all.push_back({"inspect", photo, "-o", out_});
    return all;
  }
};

TEST_F(AddressSpaceTest, GivesAPictureOrALine) {
  for (const Words& command : commands()) {
    for (const size_t most : {256, 330, 380, 460, 600}) {
      expect_picture_or_line(command, most * mebi);
    }
  }
}

class SlowAddressSpaceTest : public AddressSpaceTest {};

TEST_F(SlowAddressSpaceTest, GivesAPictureOrALineAtEverySize) {
  for (const Words& command : commands()) {
    for (int i = 0; i < 50; ++i) {
      const double mebibytes = 256 * std::pow(16.0, i / 49.0);  // to 4 GiB
      expect_picture_or_line(command, static_cast<size_t>(mebibytes) * mebi);
    }
  }
}

}  // namespace
}  // namespace impasto::test
