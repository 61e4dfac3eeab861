// OpenEXR: linear light in, sRGB out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vips/vips.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#include <algorithm>
#include <cmath>

#include "image/exr_writer.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;

/// One row of floats, by libvips.
void save_light(const std::string& path, const std::vector<float>& light, int bands) {
  encode_png(Image(1, 1));  // starts libvips
  const int width = static_cast<int>(light.size()) / bands;
  VipsImage *raw = vips_image_new_from_memory(light.data(), light.size() * sizeof(float), width, 1,
                                              bands, VIPS_FORMAT_FLOAT),
            *marked = nullptr;
  const auto space = bands == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_scRGB;
  ASSERT_EQ(vips_copy(raw, &marked, "interpretation", space, nullptr), 0);
  ASSERT_EQ(vips_image_write_to_file(marked, path.c_str(), nullptr), 0);
  g_object_unref(marked);
  g_object_unref(raw);
}

class ExrTest : public testing::Test {
 protected:
  void SetUp() override {
    encode_png(Image(1, 1));  // starts libvips
    if (vips_type_find("VipsOperation", "openexrload") == 0)
      GTEST_SKIP() << "this libvips has none";
  }
  Image read(int width, int height, const Planes& planes) {
    const std::string path = folder_ / "a[1].exr";
    store(path, ExrWriter().file(width, height, planes));
    return read_image(path);
  }

  TempFolder folder_;
};

TEST_F(ExrTest, LightBecomesSrgbUpToWhite) {
  const std::vector<float> light = {0, 0.18f, 0.5f, 1, 7, INFINITY, -1, 0};
  const std::vector<float> quarter(8, 0.25f), none(8, 0.0f);
  const Image image = read(4, 2, {{"R", light}, {"G", quarter}, {"B", none}});
  ASSERT_EQ(image.width(), 4);
  ASSERT_EQ(image.height(), 2);
  const double expected[8] = {0, 0.46136, 0.73536, 1, 1, 1, 0, 0};
  for (int i = 0; i < 8; ++i) {
    EXPECT_NEAR(image.data()[3 * i], expected[i], 3e-4) << i;
    EXPECT_NEAR(image.data()[3 * i + 1], 0.53710, 3e-4) << i;
    EXPECT_EQ(image.data()[3 * i + 2], 0) << i;
  }
  EXPECT_TRUE(image.alpha.empty());
  EXPECT_EQ(image.bits, 16);
  EXPECT_THAT(image.note, HasSubstr("a[1].exr: holds linear light; what is brighter"));
}

TEST_F(ExrTest, AlphaIsTakenOutOfTheColours) {
  const std::vector<float> alpha = {0.5f, 1}, none = {0, 0}, red = {0.25f, 1};
  const Image image = read(2, 1, {{"A", alpha}, {"B", none}, {"G", none}, {"R", red}});
  ASSERT_EQ(image.alpha.size(), 2u);
  EXPECT_NEAR(image.alpha[0], 0.5, 1e-5);
  EXPECT_EQ(image.alpha[1], 1);
  EXPECT_NEAR(image.data()[0], 0.73536, 3e-4) << "0.25 at half opacity is light of 0.5";
}

TEST_F(ExrTest, AlphaThatIsNotANumberIsTransparent) {
  const std::vector<float> alpha = {NAN, 1}, light = {0.25f, 0.5f};
  const Image image = read(2, 1, {{"A", alpha}, {"B", light}, {"G", light}, {"R", light}});
  ASSERT_EQ(image.alpha.size(), 2u);
  EXPECT_EQ(image.alpha[0], 0);
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(std::isfinite(image.data()[i])) << i;
}

TEST_F(ExrTest, GreyAndNotANumber) {
  const Image image = read(2, 2, {{"Y", {0.5f, NAN, 0, 1}}});
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(image.data()[c], 0.73536, 3e-4);
  for (int i = 0; i < 12; ++i) EXPECT_TRUE(std::isfinite(image.data()[i])) << i;
}

/// The same light as PFM and TIFF.
TEST(LinearLight, OfFloatsIsTheSameInEveryFormat) {
  TempFolder folder;
  const std::vector<float> light = {0.18f, 0.5f, 2, 0, 1, 0.25f};
  const std::string bytes(reinterpret_cast<const char*>(light.data()), sizeof(float) * 6);
  store(folder / "a.pfm", "PF\n2 1\n-1.0\n" + bytes);
  store(folder / "g.pfm", "Pf\n6 1\n-1.0\n" + bytes);
  save_light(folder / "a.tif", light, 3);
  save_light(folder / "g.tif", light, 1);
  const double expected[] = {0.46136, 0.73536, 1, 0, 1, 0.53710};
  for (const char* name : {"a.pfm", "a.tif", "g.pfm", "g.tif"}) {
    const Image image = read_image(folder / name);
    const int repeat = name[0] == 'g' ? 3 : 1;
    ASSERT_EQ(3 * image.width(), 6 * repeat) << name;
    for (int i = 0; i < 6 * repeat; ++i) {
      EXPECT_NEAR(image.data()[i], expected[i / repeat], 3e-4) << name << " " << i;
    }
    EXPECT_THAT(image.note, HasSubstr("linear light")) << name;
    EXPECT_EQ(image.bits, 16);
  }
}

// OpenEXR itself would take the memory first and look into the file then.
TEST_F(ExrTest, AHeaderThatPromisesMoreThanTheFileHoldsIsRefused) {
  const std::vector<float> plane(16, 0.5f);
  Bytes file = ExrWriter().file(4, 4, {{"Y", plane}});
  const std::string name = "dataWindow";
  const auto at = std::search(file.begin(), file.end(), name.begin(), name.end());
  *(at + 10 + 1 + 6 + 3) = 0x7f;  // the largest byte of its size
  store(folder_ / "a.exr", file);
  EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(folder_ / "a.exr"); }),
              HasSubstr("header is longer than the file"));
}

TEST_F(ExrTest, DamagedFilesAreRefused) {
  const std::vector<float> plane(64 * 64, 0.5f);
  const Bytes whole = ExrWriter().file(64, 64, {{"R", plane}, {"G", plane}, {"B", plane}});
  const std::string path = folder_ / "cut.exr";
#if defined(__SANITIZE_ADDRESS__)
  const __lsan::ScopedDisabler forgotten;  // libvips forgets 80 bytes of a file that it cannot read
#endif
  for (const size_t size : {size_t{5}, size_t{60}, size_t{400}, whole.size() / 2}) {
    store(path, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(path); }),
                HasSubstr("cut.exr: is damaged"))
        << size;
  }
}

}  // namespace
}  // namespace impasto::test
