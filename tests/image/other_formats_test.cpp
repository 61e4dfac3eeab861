// BMP, TGA, PSD and QOI, which libvips reads through others or not at all.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/other_formats.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;

struct Sample {
  const char* name;
  std::string file;
  bool alpha;
};

std::vector<Sample> samples(int width, int height) {
  return {{"a.bmp", bmp_file(width, height), false},
          {"a32.bmp", bmp_file(width, height, 32), true},
          {"a.tga", tga_file(width, height, false), false},
          {"packed.tga", tga_file(width, height, true, true), false},
          {"a.psd", psd_file(width, height), false},
          {"packed.psd", psd_file(width, height, true), false},
          {"a.qoi", qoi_file(width, height), false},
          {"a4.qoi", qoi_file(width, height, true), true}};
}

TEST(OtherFormats, EveryPixelIsRead) {
  TempFolder folder;
  for (const Sample& sample : samples(6, 4)) {
    store(folder / sample.name, sample.file);
    const PictureHeader header = read_header(folder / sample.name);
    EXPECT_EQ(header.width, 6) << sample.name;
    const Image image = read_image(folder / sample.name);
    ASSERT_EQ(image.width(), 6) << sample.name;
    ASSERT_EQ(image.height(), 4) << sample.name;
    EXPECT_EQ(image.bits, 8) << sample.name;
    ASSERT_EQ(image.has_alpha(), sample.alpha) << sample.name;
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 6; ++x) {
        const float* pixel = image.row(y) + 3 * x;
        EXPECT_FLOAT_EQ(pixel[0] * 255, 40.0f * static_cast<float>(x)) << sample.name;
        EXPECT_FLOAT_EQ(pixel[1] * 255, 60.0f * static_cast<float>(y)) << sample.name;
        EXPECT_FLOAT_EQ(pixel[2] * 255, 200) << sample.name;
      }
    }
    if (sample.alpha) {
      EXPECT_FLOAT_EQ(image.alpha[0] * 255, 128) << sample.name;
      EXPECT_FLOAT_EQ(image.alpha[1], 1) << sample.name;
    }
  }
}

TEST(OtherFormats, TruncatedOnesAreErrorsThatNameTheFile) {
  TempFolder folder;
  for (const Sample& sample : samples(40, 30)) {
    const std::string cut = folder / sample.name;
    for (const double part : {0.05, 0.4, 0.9}) {
      const auto size = static_cast<size_t>(static_cast<double>(sample.file.size()) * part);
      store(cut, sample.file.substr(0, size));
      EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(cut); }), HasSubstr(cut)) << part;
    }
  }
}

TEST(OtherFormats, LargeOnesAreRefusedByTheirHeader) {
  TempFolder folder;
  store(folder / "a.qoi", qoi_file(40, 30));
  EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(folder / "a.qoi", {1199}); }),
              HasSubstr("40x30"));
  std::string huge = qoi_file(2, 2);
  for (const size_t place : {5u, 9u}) huge.replace(place, 2, "\x01\x01");
  store(folder / "huge.qoi", huge);
  EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(folder / "huge.qoi"); }),
              HasSubstr("65794x65794"));
}

}  // namespace
}  // namespace impasto::test
