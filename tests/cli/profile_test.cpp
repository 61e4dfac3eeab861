// Photographs in wide gamuts through the program.

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

class CliProfile : public CliTest {
 protected:
  static constexpr int width = 96, height = 80, count = 3 * width * height;

  void paint(const std::string& photo, const std::string& result, const Words& more) const {
    Words words = {"stylize", photo, "--style", painting_, "-o", result, "--threads", "1"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run_program(words);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }

  const std::string p3_ = built_in_profile("p3");
};

TEST_F(CliProfile, PaintsWideGamutsInColoursOfSrgbAndWritesTheirProfile) {
  ASSERT_FALSE(p3_.empty());
  const Image colours = gradient(width, height);  // in P3 up to its corners
  Bytes pixels;
  for (int i = 0; i < count; ++i) {
    pixels.push_back(static_cast<uint8_t>(std::lround(255 * colours.data()[i])));
  }
  for (const std::string& path : {photo_, painting_}) {
    save_raw(path, pixels.data(), width, height, 3, Space::rgb, p3_);
  }
  const Image photo = read_image(photo_);
  ASSERT_LT(*std::min_element(photo.data(), photo.data() + count), -0.05f) << "beyond sRGB";
  for (const char* quality : {"draft", "good", "best"}) {
    Words more = {"--quality", quality};
    if (quality != std::string("draft")) more.insert(more.end(), {"--iterations", "5"});
    paint(photo_, out_, more);
    const Image painted = read_image(out_);
    const auto& icc = painted.metadata.at("icc");
    EXPECT_EQ(std::string(icc.begin(), icc.end()), p3_) << quality;
    for (int i = 0; i < count; ++i) {
      // Half a level of the file, which is most where sRGB's curve is steep.
      ASSERT_GT(painted.data()[i], -0.04f) << quality << " at " << i;
      ASSERT_LT(painted.data()[i], 1.01f) << quality << " at " << i;
    }
  }
}

TEST_F(CliProfile, PaintsTheSameWhateverTheProfileOfTheColours) {
  const std::string wide = folder_ / "wide.png", wide_out = folder_ / "wide_out.png";
  Image colours = synthetic_picture(width, height, 3);
  for (int i = 0; i < count; ++i) colours.data()[i] = 0.2f + 0.6f * colours.data()[i];
  write_image(colours, photo_, {92, "", 16});
  colours.metadata["icc"] = Bytes(p3_.begin(), p3_.end());
  write_image(colours, wide, {92, "", 16});
  // Features of bf16 would round by more than the pictures differ.
  paint(photo_, out_, {"--method", "instant", "--precision", "f32"});
  paint(wide, wide_out, {"--method", "instant", "--precision", "f32"});
  const Image one = read_image(out_), other = read_image(wide_out);
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += std::abs(one.data()[i] - other.data()[i]);
  EXPECT_LT(sum / count, 0.0005);
}

}  // namespace
}  // namespace impasto::test
