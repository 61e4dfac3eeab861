// Pictures of kinds that a photographer seldom meets: ink, animations, pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/samples.h"

namespace impasto::test {
namespace {

using ::testing::HasSubstr;

TEST(Ink, BecomesSrgb) {
  TempFolder folder;
  Bytes pixels;  // no ink, then cyan, magenta, yellow and black alone, each a JPEG block wide
  for (int i = 0; i < 80 * 16; ++i) {
    for (int ink = 0; ink < 4; ++ink) pixels.push_back(i % 80 / 16 == ink + 1 ? 255 : 0);
  }
  for (const char* name : {"a.jpg", "a.tif"}) {
    for (const std::string& profile : {std::string(), built_in_profile("cmyk")}) {
      save_raw(folder / name, pixels.data(), 80, 16, 4, Space::cmyk, profile);
      const Image image = read_image(folder / name);
      ASSERT_EQ(image.width(), 80);
      EXPECT_TRUE(image.alpha.empty());
      const auto at = [&](int patch, int c) { return image.row(8)[3 * (16 * patch + 8) + c]; };
      for (int c = 0; c < 3; ++c) {
        EXPECT_GT(at(0, c), 0.95f) << "paper";
        EXPECT_LT(at(4, c), 0.25f) << "black";
      }
      EXPECT_LT(at(1, 0), at(1, 2) - 0.3f) << "cyan";
      EXPECT_LT(at(2, 1), at(2, 0) - 0.3f) << "magenta";
      EXPECT_LT(at(3, 2), at(3, 0) - 0.3f) << "yellow";
      write_image(image, folder / "out.tif");
      EXPECT_LT(max_difference(read_image(folder / "out.tif"), image), 1.01 / 255) << "as sRGB";
    }
  }
}

TEST(Pages, TheFirstIsReadAndTheNoteSaysSo) {
  TempFolder folder;
  for (const char* name : {"a.gif", "a.webp"}) {
    save_pages(folder / name, 12);
    const Image image = read_image(folder / name);
    EXPECT_EQ(image.height(), 16) << name;
    EXPECT_THAT(image.note, HasSubstr("is animated (12 frames)")) << name;
  }
  save_pages(folder / "a.tif", 3);
  EXPECT_THAT(read_image(folder / "a.tif").note, HasSubstr("has 3 pages"));
  write_image(gradient(4, 4), folder / "a.png");
  EXPECT_EQ(read_image(folder / "a.png").note, "");
}

}  // namespace
}  // namespace impasto::test
