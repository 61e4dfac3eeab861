// Pictures whose colours are in a file, and headers, which have none.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "formats/expect_error.h"
#include "image/resize.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

Image in_file(const Image& from, Samples samples) {
  Image image(from.width(), from.height(), samples, Storage::file);
  for (int y = 0; y < from.height(); ++y) image.write(0, y, from.width(), from.row(y));
  return image;
}

TEST(Storage, AFileHoldsWhatMemoryHolds) {
  const Image floats = gradient(67, 41);
  for (const Samples samples : {Samples::u8, Samples::u16, Samples::wide}) {
    const Image file = in_file(floats, samples), memory = resize(floats, 67, 41, samples);
    EXPECT_EQ(file.storage(), Storage::file);
    EXPECT_EQ(file.bytes(), 0u) << "of memory";
    const Image a = resize(file, 67, 41), b = resize(memory, 67, 41);
    EXPECT_EQ(max_difference(a, b), 0);
    EXPECT_EQ(max_difference(resize(file, 30, 60), resize(memory, 30, 60)), 0);
    const Image black(5, 4, samples, Storage::file);
    float row[15] = {1};
    black.read(0, 3, 5, row);
    for (const float v : row) EXPECT_NEAR(v, 0, 2e-5);
  }
  EXPECT_EQ(Image(3, 2, Samples::f32, Storage::file).storage(), Storage::memory);
}

TEST(Storage, CopiesAreTheirOwn) {
  Image a = in_file(gradient(9, 7), Samples::u16);
  const Image b = a;
  const float white[3] = {1, 1, 1};
  a.write(0, 0, 1, white);
  float from_a[3], from_b[3];
  a.read(0, 0, 1, from_a);
  b.read(0, 0, 1, from_b);
  EXPECT_EQ(from_a[0], 1);
  EXPECT_LT(from_b[0], 0.5f);
  a = b;
  a.read(0, 0, 1, from_a);
  EXPECT_EQ(from_a[0], from_b[0]);
  const Image moved = std::move(a);
  moved.read(0, 0, 1, from_a);
  EXPECT_EQ(from_a[0], from_b[0]);
}

TEST(Storage, FilesAreReadIntoIt) {
  TempFolder folder;
  for (const bool alpha : {false, true}) {
    write_image(gradient(50, 30, alpha), folder / "a.png");
    const ReadOptions options{.compact = true, .storage = Storage::file};
    const Image file = read_image(folder / "a.png", options);
    EXPECT_EQ(file.storage(), Storage::file);
    EXPECT_EQ(max_difference(resize(file, 50, 30),
                             resize(read_image(folder / "a.png", {.compact = true}), 50, 30)),
              0);
    write_image(file, folder / "b.png");
    EXPECT_EQ(load(folder / "b.png").size(), load(folder / "a.png").size());
  }
}

TEST(Storage, TellsWhereThereIsNoRoom) {
  setenv("TMPDIR", "/no/such/folder", 1);
  const std::string message =
      error_of(ErrorCode::memory, [] { Image(8, 8, Samples::u8, Storage::file); });
  unsetenv("TMPDIR");
  EXPECT_NE(message.find("/no/such/folder"), std::string::npos) << message;
  EXPECT_NE(message.find("TMPDIR"), std::string::npos) << message;
}

TEST(PictureHeader, IsLikeThePicture) {
  TempFolder folder;
  write_image(gradient(50, 30, true), folder / "alpha.png");
  write_image(gradient(31, 57), folder / "plain.jpg");
  Image fine = gradient(20, 21);
  fine.bits = 16;
  write_image(fine, folder / "fine.tif");
  for (const char* name : {"alpha.png", "plain.jpg", "fine.tif"}) {
    SCOPED_TRACE(name);
    for (const bool compact : {false, true}) {
      const Image picture = read_image(folder / name, {.compact = compact});
      const PictureHeader header = read_header(folder / name, {.compact = compact});
      EXPECT_FALSE(header.is_read);
      EXPECT_TRUE(PictureHeader(picture).is_read);
      EXPECT_EQ(header.width, picture.width());
      EXPECT_EQ(header.height, picture.height());
      EXPECT_EQ(header.samples, picture.samples());
      EXPECT_EQ(header.bits, picture.bits);
      EXPECT_EQ(header.has_alpha, picture.has_alpha());
      EXPECT_EQ(header.bytes(), picture.bytes());
    }
  }
}

TEST(PictureHeader, MakesABlackPicture) {
  for (const Samples samples : {Samples::f32, Samples::u8, Samples::wide}) {
    PictureHeader header(4, 3, samples, Storage::file, true);
    header.bits = 16;
    const Image image(header);
    EXPECT_EQ(image.samples(), samples);
    EXPECT_EQ(image.storage(), samples == Samples::f32 ? Storage::memory : Storage::file);
    EXPECT_EQ(image.bits, 16);
    EXPECT_EQ(image.bytes(), header.bytes());
    EXPECT_EQ(image.alpha, std::vector<float>(12, 0));
    float row[12];
    image.read(0, 2, 4, row);
    for (const float v : row) EXPECT_NEAR(v, 0, 1e-4);
  }
}

TEST(Image, HasNoPixelsWhenItIsEmpty) {
  Image image;
  EXPECT_TRUE(image.empty());
  EXPECT_TRUE(PictureHeader(image).empty());
  float row[12] = {};
  expect_error(ErrorCode::internal, "empty", [&] { image.read(0, 0, 4, row); });
  expect_error(ErrorCode::internal, "empty", [&] { image.write(0, 0, 4, row); });
}

TEST(PictureHeader, RefusesWhatReadingRefuses) {
  TempFolder folder;
  store(folder / "text.png", std::string("not a picture"));
  write_image(gradient(50, 30), folder / "a.png");
  expect_error(ErrorCode::input, "text.png", [&] { read_header(folder / "text.png"); });
  expect_error(ErrorCode::input, "missing.png", [&] { read_header(folder / "missing.png"); });
  expect_error(ErrorCode::input, "expected at most 1000",
               [&] { read_header(folder / "a.png", {.max_pixels = 1000}); });
}

}  // namespace
}  // namespace impasto::test
