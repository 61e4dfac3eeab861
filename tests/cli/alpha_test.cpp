// Transparent pictures through the program: what cannot be seen has no say.

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

class AlphaTest : public CliTest {
 protected:
  static constexpr int width = 96, height = 80;

  /// A photograph's pixels where they are seen, `hidden` where they are not.
  static void write_cut_out(const std::string& path, uint64_t seed, uint8_t hidden) {
    const Image picture = synthetic_picture(width, height, seed);
    std::vector<uint8_t> pixels;
    for (int i = 0; i < width * height; ++i) {
      const int alpha = alpha_at(i);
      for (int c = 0; c < 3; ++c) {
        const float value = picture.data()[3 * i + c];
        pixels.push_back(alpha > 0 ? static_cast<uint8_t>(255 * value) : hidden);
      }
      pixels.push_back(static_cast<uint8_t>(alpha));
    }
    save_raw(path, pixels.data(), width, height, 4, Space::rgb);
  }
  /// The chunks with the pixels of a PNG: the recipe beside them names the files.
  static Bytes pixels_of(const Bytes& png) {
    Bytes pixels;
    for (size_t at = 8; at + 12 <= png.size();) {
      const size_t size = png[at] << 24 | png[at + 1] << 16 | png[at + 2] << 8 | png[at + 3];
      const auto begin = png.begin() + static_cast<std::ptrdiff_t>(at);
      if (std::string(begin + 4, begin + 8) == "IDAT") {
        pixels.insert(pixels.end(), begin, begin + static_cast<std::ptrdiff_t>(12 + size));
      }
      at += 12 + size;
    }
    return pixels;
  }
  /// Opaque, fading, nothing.
  static int alpha_at(int i) { return std::clamp(255 - 8 * (i % width - width / 2), 0, 255); }
};

TEST_F(AlphaTest, HiddenColoursDoNotChangeAByteOfTheResult) {
  const std::string photos[] = {folder_ / "black.png", folder_ / "white.png"};
  const std::string paintings[] = {folder_ / "dark.png", folder_ / "light.png"};
  for (const size_t i : {0, 1}) {
    write_cut_out(photos[i], 1, i == 0 ? 0 : 255);
    write_cut_out(paintings[i], 2, i == 0 ? 0 : 255);
  }
  const std::vector<Words> ways = {{"--quality", "best", "--iterations", "3"},
                                   {"--quality", "good", "--iterations", "3"},
                                   {"--quality", "draft"},
                                   {"--quality", "draft", "--size", "900"}};  // enlarged
  for (const Words& way : ways) {
    Bytes painted[2];
    for (const size_t i : {0, 1}) {
      Words words = {"stylize", photos[i], "--style", paintings[i], "-o", out_, "--threads", "1"};
      words.insert(words.end(), way.begin(), way.end());
      const Outcome outcome = run_program(words);
      ASSERT_EQ(outcome.status, 0) << outcome.err;
      painted[i] = pixels_of(load(out_));
      ASSERT_GT(painted[i].size(), 1000u);
    }
    EXPECT_EQ(painted[0], painted[1]) << testing::PrintToString(way);
    const Image result = read_image(out_);
    ASSERT_EQ(result.alpha.size(), static_cast<size_t>(result.width()) * result.height());
    for (int i = 0; i < width * height && result.width() == width; ++i) {
      ASSERT_EQ(std::lround(result.alpha[static_cast<size_t>(i)] * 255), alpha_at(i)) << i;
    }
  }
}

}  // namespace
}  // namespace impasto::test
