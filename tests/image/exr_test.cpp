// OpenEXR: linear light in, sRGB out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vips/vips.h>

#include <bit>
#include <cmath>
#include <map>

#include "image/samples.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;
using Planes = std::map<std::string, std::vector<float>>;  // by channel

/// A little writer after the OpenEXR file layout: scan lines of FLOAT, not compressed.
class ExrWriter {
 public:
  Bytes file(int width, int height, const Planes& planes) {
    number(4, 20000630);
    number(4, 2);
    std::string list;
    for (const auto& [name, plane] : planes) {
      list += name + std::string("\0\2\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0", 17);
    }
    const std::string zero(1, '\0'), window = little({0, 0, width - 1, height - 1});
    attribute("channels", "chlist", list + zero);
    attribute("compression", "compression", zero);
    attribute("dataWindow", "box2i", window);
    attribute("displayWindow", "box2i", window);
    attribute("lineOrder", "lineOrder", zero);
    attribute("pixelAspectRatio", "float", little({std::bit_cast<int>(1.0f)}));
    attribute("screenWindowCenter", "v2f", little({0, 0}));
    attribute("screenWindowWidth", "float", little({std::bit_cast<int>(1.0f)}));
    number(1, 0);
    const size_t row = planes.size() * static_cast<size_t>(width) * 4;
    const size_t rows = bytes_.size() + size_t{8} * height;
    for (int y = 0; y < height; ++y) number(8, rows + y * (row + 8));
    for (int y = 0; y < height; ++y) {
      number(4, static_cast<uint64_t>(y));
      number(4, row);
      for (const auto& [name, plane] : planes) {
        for (int x = 0; x < width; ++x) {
          number(4, std::bit_cast<uint32_t>(plane[static_cast<size_t>(y) * width + x]));
        }
      }
    }
    return bytes_;
  }

 private:
  void number(int size, uint64_t value) {
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<uint8_t>(value >> (8 * i)));
  }
  void text(const std::string& s) { bytes_.insert(bytes_.end(), s.begin(), s.end()); }
  static std::string little(const std::vector<int>& values) {
    std::string s;
    for (const int v : values) {
      for (int i = 0; i < 4; ++i) s += static_cast<char>(static_cast<unsigned>(v) >> (8 * i));
    }
    return s;
  }
  void attribute(const std::string& name, const std::string& type, const std::string& value) {
    text(name + '\0' + type + '\0');
    number(4, value.size());
    text(value);
  }

  Bytes bytes_;
};

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

TEST_F(ExrTest, GreyAndNotANumber) {
  const Image image = read(2, 2, {{"Y", {0.5f, NAN, 0, 1}}});
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(image.data()[c], 0.73536, 3e-4);
  for (int i = 0; i < 12; ++i) EXPECT_TRUE(std::isfinite(image.data()[i])) << i;
}

TEST_F(ExrTest, DamagedFilesAreRefused) {
  const std::vector<float> plane(64 * 64, 0.5f);
  const Bytes whole = ExrWriter().file(64, 64, {{"R", plane}, {"G", plane}, {"B", plane}});
  const std::string path = folder_ / "cut.exr";
  for (const size_t size : {size_t{5}, size_t{60}, size_t{400}, whole.size() / 2}) {
    store(path, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(path); }),
                HasSubstr("cut.exr: is damaged"))
        << size;
  }
}

}  // namespace
}  // namespace impasto::test
