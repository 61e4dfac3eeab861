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

TEST_F(SizeTest, InspectsThem) {
  for (const Sides& sides : odd) {
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

TEST_F(SlowSizeTest, APanoramaByTheOptimizer) {
  const Sides sides(20000, 300);
  const std::string photo = picture(sides);
  expect_painted(photo, painting_, sides, {"--quality", "good"});
  expect_painted(photo, painting_, sides, {"--quality", "best", "--iterations", "3"});
  expect_painted(photo_, photo, {80, 64}, {"--quality", "best"});
}

}  // namespace
}  // namespace impasto::test
