#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "image/odd_files.h"

namespace impasto::test {
namespace {

Image read_pnm(const Bytes& file) {
  TempFolder folder;
  store(folder / "a.pnm", file);
  return read_image(folder / "a.pnm");
}

Image read_pnm(const std::string& head, const Bytes& pixels = {}) {
  return read_pnm(joined({bytes_of(head), pixels}));
}

/// Red of each pixel, in 255 levels.
std::vector<int> levels(const Image& image) {
  std::vector<int> all;
  for (int i = 0; i < image.width() * image.height(); ++i) {
    all.push_back(static_cast<int>(std::lround(image.data()[3 * i] * 255)));
  }
  return all;
}

using ::testing::ElementsAre;

TEST(Pnm, BitsOfPlainFilesNeedNothingBetweenThem) {
  for (const char* file : {"P1\n3 2\n101\n010\n", "P1 3 2 1 0 1 0 1 0", "P1\n#c\n3 2\n10#c\n1010",
                           "P1\n3 2\n101010"}) {
    EXPECT_THAT(levels(read_pnm(file)), ElementsAre(0, 255, 0, 255, 0, 255)) << file;
  }
}

TEST(Pnm, RowsOfRawBitsBeginOnWholeBytes) {
  EXPECT_THAT(levels(read_pnm("P4\n10 2\n", {0x80, 0x40, 0x00, 0x80})),
              ElementsAre(0, 255, 255, 255, 255, 255, 255, 255, 255, 0,  //
                          255, 255, 255, 255, 255, 255, 255, 255, 0, 255));
}

TEST(Pnm, AnyMaximumIsWhite) {
  EXPECT_THAT(levels(read_pnm("P2 2 1 15 15 3")), ElementsAre(255, 51));
  EXPECT_THAT(levels(read_pnm("P2 2 1 1 1 0")), ElementsAre(255, 0));
  EXPECT_THAT(levels(read_pnm("P5 2 1 100\n", {100, 20})), ElementsAre(255, 51));
  EXPECT_THAT(levels(read_pnm("P5 2 1 100\n", {200, 20})), ElementsAre(255, 51)) << "above it";
  const Image ten = read_pnm("P5 2 1 1023\n", {3, 255, 0, 205});
  EXPECT_THAT(levels(ten), ElementsAre(255, 51));
  EXPECT_EQ(ten.bits, 16);
  const Image sixteen = read_pnm("P6 1 1 65535\n", {0x80, 0x80, 0x40, 0x40, 0xff, 0xff});
  EXPECT_NEAR(sixteen.data()[0], 0x8080 / 65535.0, 1e-6);
  EXPECT_NEAR(sixteen.data()[1], 0x4040 / 65535.0, 1e-6);
  EXPECT_NEAR(sixteen.data()[2], 1, 1e-6);
  EXPECT_EQ(read_pnm("P6 1 1 255\n", {1, 2, 3}).bits, 8);
}

TEST(Pnm, LightBeginsAtTheBottom) {
  for (const bool little : {true, false}) {
    for (const int bands : {1, 3}) {
      Bytes pixels;
      for (const float v : {1.0f, 0.2140411f}) {  // of sRGB, 255 and 127.5
        for (int c = 0; c < bands; ++c) {
          uint32_t bits = 0;
          std::memcpy(&bits, &v, 4);
          Bytes bytes = big_endian(4, bits);
          if (little) std::reverse(bytes.begin(), bytes.end());
          pixels.insert(pixels.end(), bytes.begin(), bytes.end());
        }
      }
      const Image image = read_pnm(
          std::string(bands == 3 ? "PF" : "Pf") + "\n1 2\n" + (little ? "-1.0\n" : "2.5\n"),
          pixels);
      EXPECT_NEAR(image.row(0)[1] * 255, 127.5, 0.1) << bands << little;
      EXPECT_NEAR(image.row(1)[1] * 255, 255, 0.1) << bands << little;
      EXPECT_THAT(image.note, ::testing::HasSubstr("linear light"));
    }
  }
}

TEST(Pnm, DamagedFilesAreRefused) {
  TempFolder folder;
  for (const char* file :
       {"P5 2 2 255\n123", "P1 3 2 10101", "P1 3 2 101012", "P2 2 1 15 15 16", "P5 0 2 255\n",
        "P5 2 2 0\n1234", "P5 2 2 70000\n1234", "P6 2 2 255", "P5 -2 2 255\n1234",
        "PF 1 1 0\n123456789012", "P4 9 2\nabc", "P5\n#", "P2 2 2 15 1 1 x 1"}) {
    store(folder / "a.pnm", std::string(file));
    EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(folder / "a.pnm"); }),
                ::testing::HasSubstr("a.pnm: is damaged"))
        << file;
  }
}

}  // namespace
}  // namespace impasto::test
