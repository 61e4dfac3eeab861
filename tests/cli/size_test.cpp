// Pictures of few pixels, of odd and of extreme sides, through every command.

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

using Sides = std::pair<int, int>;

class SizeTest : public CliTest {
 protected:
  std::string picture(const Sides& sides) const {
    const std::string path = folder_ / "sides.png";
    write_image(synthetic_picture(sides.first, sides.second, 3), path);
    return path;
  }
  /// One colour above, another below, where there are two rows.
  std::string map_for(const Sides& sides, const std::string& name) const {
    Image map(sides.first, sides.second);
    for (int y = 0; y < sides.second; ++y) {
      for (int x = 0; x < sides.first; ++x) map.row(y)[3 * x + (2 * y < sides.second ? 0 : 2)] = 1;
    }
    write_image(map, folder_ / name);
    return folder_ / name;
  }
  void expect_made(Words words, const Sides& sides) {
    words.insert(words.end(), {"-o", out_, "-q"});
    const Outcome outcome = run_program(words);
    ASSERT_EQ(outcome.status, 0) << testing::PrintToString(words) << "\n" << outcome.err;
    const Image image = read_image(out_);
    EXPECT_EQ(Sides(image.width(), image.height()), sides) << testing::PrintToString(words);
  }
  /// In parts, in its own colours, as a doodle, as a texture.
  void expect_all_of(const Sides& sides) {
    const std::string photo = picture(sides), mask = map_for(sides, "mask.png");
    for (const char* quality : {"draft", "good", "best"}) {
      Words more = {"--quality", quality, "--mask", mask};
      if (quality != std::string("draft")) more.insert(more.end(), {"--iterations", "1"});
      expect_painted(photo, painting_, sides, more);
    }
    expect_painted(photo, painting_, sides,
                   {"--quality", "draft", "--region", mask + "=" + painting_});
    for (const char* colors : {"content", "luminance", "match"}) {
      expect_painted(photo, painting_, sides, {"--quality", "draft", "--colors", colors});
    }
    const Sides of_painting = sides.second == 1 ? Sides(64, 1) : Sides(64, 64);
    const std::string painting_map = map_for(of_painting, "painting.map.png");
    const Words once = {"--iterations", "1", "--scales", "1"};
    const auto with = [&](Words words) {
      words.insert(words.end(), once.begin(), once.end());
      return words;
    };
    const Words doodle =
        with({"doodle", "-s", painting_, "--style-map", painting_map, "--map", mask});
    expect_made(doodle, sides);
    Words guided = doodle;
    guided.insert(guided.end(), {"--content", photo});
    expect_made(guided, sides);
    const std::string size = std::to_string(sides.first) + "x" + std::to_string(sides.second);
    for (const bool tileable : {false, true}) {
      Words from = with({"texture", photo, "--size", "48x32"}),
            to = with({"texture", painting_, "--size", size});
      if (tileable) from.push_back("--tileable"), to.push_back("--tileable");
      expect_made(from, {48, 32});
      expect_made(to, sides);
    }
  }
  /// The built-in networks paint it, at exactly its size.
  void expect_painted(const std::string& photo, const std::string& painting, const Sides& sides,
                      const Words& more) {
    Words words = {"stylize", photo, "--style", painting, "-o", out_, "-q"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run_program(words);
    ASSERT_EQ(outcome.status, 0) << testing::PrintToString(words) << "\n" << outcome.err;
    const Image image = read_image(out_);
    EXPECT_EQ(Sides(image.width(), image.height()), sides) << testing::PrintToString(words);
  }
};

constexpr Sides odd[] = {{1, 1}, {1, 2}, {3, 500}, {500, 3}, {15, 17}};

TEST_F(SizeTest, AnyPhotographInAnyQuality) {
  for (const Sides& sides : odd) {
    const std::string photo = picture(sides);
    expect_painted(photo, painting_, sides, {"--quality", "draft"});
    expect_painted(photo, painting_, sides, {"--quality", "good", "--iterations", "3"});
    expect_painted(photo, painting_, sides, {"--quality", "best", "--iterations", "3"});
    expect_painted(photo, painting_, sides,
                   {"--method", "optimize", "--iterations", "3", "--margin", "0"});
  }
}

TEST_F(SizeTest, OddSidesBeyondAPowerOfTwo) {
  const std::string photo = picture({513, 511});
  for (const char* quality : {"draft", "good", "best"}) {
    Words more = {"--quality", quality};
    if (quality != std::string("draft")) more.insert(more.end(), {"--iterations", "1"});
    expect_painted(photo, painting_, {513, 511}, more);
  }
}

TEST_F(SizeTest, AnyPainting) {
  for (const Sides& sides : odd) {
    const std::string painting = picture(sides);
    expect_painted(photo_, painting, {80, 64}, {"--quality", "draft"});
    expect_painted(photo_, painting, {80, 64}, {"--quality", "best", "--iterations", "3"});
    const std::string style = folder_ / "sides.style";
    const Outcome saved = run_program({"models", "style", painting, "-o", style});
    ASSERT_EQ(saved.status, 0) << saved.err;
    expect_painted(photo_, style, {80, 64}, {"--quality", "draft"});
  }
}

TEST_F(SizeTest, AnyResult) {
  for (const int side : {1, 5, 15}) {
    const Sides sides(side, std::max(1L, std::lround(side * 0.8)));
    expect_painted(photo_, painting_, sides,
                   {"--quality", "draft", "--size", std::to_string(side)});
    expect_painted(photo_, painting_, sides,
                   {"--quality", "best", "--size", std::to_string(side), "--iterations", "3"});
  }
}

TEST_F(SizeTest, OfOnePixelInEveryCommand) {
  expect_all_of({1, 1});
}
TEST_F(SizeTest, NarrowInEveryCommand) {
  expect_all_of({3, 500});
}
TEST_F(SizeTest, OddInEveryCommand) {
  expect_all_of({513, 511});
}

TEST_F(SizeTest, InspectsThem) {
  for (const Sides& sides : {odd[0], odd[1], odd[2], odd[3], odd[4], Sides(513, 511)}) {
    const Outcome outcome = run_program({"inspect", picture(sides), "-o", out_});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_GT(read_image(out_).width(), 100) << "a sheet";
  }
}

TEST_F(SizeTest, APanorama) {
  const Sides sides(20000, 300);
  expect_painted(picture(sides), painting_, sides, {"--quality", "draft"});
}

using SlowSizeTest = SizeTest;

TEST_F(SlowSizeTest, APanoramaInEveryCommand) {
  const Sides sides(20000, 300);
  expect_all_of(sides);
  const Outcome saved = run_program({"models", "style", picture(sides), "-o", folder_ / "a.style"});
  EXPECT_EQ(saved.status, 0) << saved.err;
  const Outcome inspected = run_program({"inspect", picture(sides), "-o", out_});
  EXPECT_EQ(inspected.status, 0) << inspected.err;
}

TEST_F(SlowSizeTest, APanoramaByTheOptimizer) {
  const Sides sides(20000, 300);
  const std::string photo = picture(sides);
  expect_painted(photo, painting_, sides, {"--quality", "good"});
  expect_painted(photo, painting_, sides, {"--quality", "best", "--iterations", "3"});
  expect_painted(photo_, photo, {80, 64}, {"--quality", "best"});
}

}  // namespace
}  // namespace impasto::test
