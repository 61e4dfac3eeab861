// What a print shop needs: pixels per inch, whichever way a format tells them.
#include "image/resolution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "image/embed.h"
#include "image/exif.h"
#include "image/odd_files.h"

namespace impasto::test {
namespace {

const char* const all_formats[] = {"a.jpg",  "a.png",  "a.webp", "a.tif",
                                   "a.avif", "a.heic", "a.jxl"};

Resolution of(const Image& image) {
  const auto exif = image.metadata.find("exif");
  return exif == image.metadata.end() ? Resolution() : exif::resolution_in(exif->second);
}

/// With this JFIF header in place of any other.
Bytes jfif(Bytes file, int unit, uint64_t x, uint64_t y) {
  const Bytes header = joined({{0xff, 0xe0, 0, 16},
                               bytes_of(std::string("JFIF\0\1\2", 7)),
                               big_endian(1, static_cast<uint64_t>(unit)),
                               big_endian(2, x),
                               big_endian(2, y),
                               {0, 0}});
  file.insert(file.begin() + 2, header.begin(), header.end());
  return file;
}

Bytes plain_jpeg() {
  TempFolder folder;
  write_image(gradient(24, 16), folder / "a.jpg");
  return load(folder / "a.jpg");
}

Image read(const Bytes& file, const std::string& name) {
  TempFolder folder;
  store(folder / name, file);
  return read_image(folder / name);
}

Bytes tiff(int unit, uint32_t x, uint32_t y, uint32_t orientation = 1) {
  return TiffWriter()
      .picture(3, 2, 8, 3, 2)
      .field(274, 3, {orientation})
      .field(282, 5, {x, 10})
      .field(283, 5, {y, 10})
      .field(296, 3, {static_cast<uint32_t>(unit)})
      .file({Bytes(18, 100)});
}

Bytes png(uint64_t x, uint64_t y, int unit) {
  return with_chunks(encode_png(gradient(4, 4)),
                     png_chunk("pHYs", joined({big_endian(4, x), big_endian(4, y),
                                               big_endian(1, static_cast<uint64_t>(unit))})));
}

void expect(const Image& image, double x, double y, const std::string& what) {
  EXPECT_NEAR(of(image).x, x, 0.51) << what;
  EXPECT_NEAR(of(image).y, y, 0.51) << what;
}

TEST(Resolution, IsReadHoweverAFormatTellsIt) {
  expect(read(jfif(plain_jpeg(), 1, 300, 150), "a.jpg"), 300, 150, "JFIF, inches");
  expect(read(jfif(plain_jpeg(), 2, 118, 59), "a.jpg"), 299.7, 149.9, "JFIF, centimetres");
  expect(read(jfif(plain_jpeg(), 0, 300, 300), "a.jpg"), 0, 0, "JFIF, a ratio only");
  expect(read(jfif(plain_jpeg(), 1, 72, 72), "a.jpg"), 0, 0, "JFIF, nothing known");
  expect(read(tiff(2, 3000, 1500), "a.tif"), 300, 150, "TIFF, inches");
  expect(read(tiff(3, 1181, 1181), "a.tif"), 300, 300, "TIFF, centimetres");
  expect(read(tiff(1, 3000, 3000), "a.tif"), 0, 0, "TIFF, a ratio only");
  expect(read(tiff(2, 3000, 1500, 6), "a.tif"), 150, 300, "TIFF, turned");
  expect(read(tiff(2, 3000, 1500, 3), "a.tif"), 300, 150, "TIFF, upside down");
  Bytes file = encode_png(gradient(4, 4));  // has 72
  expect(read(file, "a.png"), 0, 0, "PNG, nothing known");
  expect(read(png(11811, 5906, 1), "a.png"), 300, 150, "PNG");
  expect(read(png(11811, 5906, 0), "a.png"), 0, 0, "PNG, a ratio only");
}

TEST(Resolution, OfTheFormatCountsBeforeThatOfExif) {
  Bytes block = exif_block(6);
  exif::set_resolution(block, {200, 100});
  Bytes file = plain_jpeg();
  embed::into_jpeg(file, {{}, block, {}});
  expect(read(file, "a.jpg"), 100, 200, "EXIF's, turned with the picture");
  expect(read(jfif(file, 1, 300, 150), "a.jpg"), 150, 300, "JFIF's, turned");
}

TEST(Resolution, IsKeptInEveryFormatAndSize) {
  TempFolder folder;
  const Image photo = read(jfif(plain_jpeg(), 1, 300, 150), "a.jpg");
  const Image larger = resize(photo, 36, 24);
  for (const char* name : all_formats) {
    write_image(larger, folder / name);
    expect(read_image(folder / name), 300, 150, name);
  }
  // In the formats' own fields, too, in pixels per millimetre.
  for (const char* name : {"a.jpg", "a.png", "a.tif"}) {
    EXPECT_NEAR(std::stod(field(folder / name, "xres")), 300 / 25.4, 0.01) << name;
    EXPECT_NEAR(std::stod(field(folder / name, "yres")), 150 / 25.4, 0.01) << name;
  }
}

TEST(Resolution, IsAddedToABlockWithoutMovingAnything) {
  for (const bool little : {true, false}) {
    const Bytes before = exif_block(1, little);
    Bytes after = before;
    exif::set_resolution(after, {300, 150});
    EXPECT_NEAR(exif::resolution_in(after).x, 300, 1e-9);
    EXPECT_NEAR(exif::resolution_in(after).y, 150, 1e-9);
    ASSERT_GT(after.size(), before.size());
    for (size_t i = 8; i < before.size(); ++i) ASSERT_EQ(after[i], before[i]) << i;
    const size_t once = after.size();
    exif::set_resolution(after, {117.5, 96});
    EXPECT_EQ(after.size(), once) << "it has its place now";
    EXPECT_NEAR(exif::resolution_in(after).x, 117.5, 1e-3);
    TempFolder folder;
    Bytes file = plain_jpeg();
    embed::into_jpeg(file, {{}, after, {}});
    store(folder / "a.jpg", file);
    EXPECT_THAT(field(folder / "a.jpg", "exif-ifd0-Make"), ::testing::StartsWith("Acme"));
    EXPECT_THAT(field(folder / "a.jpg", "exif-ifd2-ISOSpeedRatings"), ::testing::StartsWith("200"));
  }
}

}  // namespace
}  // namespace impasto::test
