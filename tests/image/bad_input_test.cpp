#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "image/exif.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string read_error(const std::string& path, ErrorCode code = ErrorCode::input) {
  return error_of(code, [&] { read_image(path); });
}

TEST(BadInput, MissingFolderEmptyPipe) {
  TempFolder folder;
  EXPECT_THAT(read_error(folder / "no.jpg"), AllOf(HasSubstr("no.jpg"), HasSubstr("no such file")));
  EXPECT_THAT(read_error(folder.path()), AllOf(HasSubstr(folder.path()), HasSubstr("folder")));
  store(folder / "empty.jpg", std::string());
  EXPECT_THAT(read_error(folder / "empty.jpg"), AllOf(HasSubstr("empty.jpg"), HasSubstr("empty")));
  ASSERT_EQ(mkfifo((folder / "pipe.jpg").c_str(), 0600), 0);
  EXPECT_THAT(read_error(folder / "pipe.jpg"), HasSubstr("pipe.jpg"));  // and does not wait
  EXPECT_THAT(read_error(""), HasSubstr("no such file"));
}

TEST(BadInput, TextIsNotAPicture) {
  TempFolder folder;
  store(folder / "text.jpg", std::string("To be, or not to be, that is the question.\n"));
  store(folder / "table.csv", std::string("1,2,3\n4,5,6\n"));
  store(folder / "one.png", std::string("x"));
  for (const char* name : {"text.jpg", "table.csv", "one.png"}) {
    EXPECT_THAT(read_error(folder / name), AllOf(HasSubstr(name), HasSubstr("is not a picture")));
  }
  EXPECT_THAT(error_of(ErrorCode::input, [&] { read_recipe(folder / "text.jpg"); }),
              HasSubstr("text.jpg"));
}

TEST(BadInput, LargerThanTheLimit) {
  TempFolder folder;
  write_image(gradient(40, 30), folder / "large.png");
  EXPECT_NO_THROW(read_image(folder / "large.png", {1200}));
  EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(folder / "large.png", {1199}); }),
              AllOf(HasSubstr("large.png"), HasSubstr("40x30"), HasSubstr("1199")));
}

TEST(BadInput, HugeHeaderIsRefusedBeforeDecoding) {
  TempFolder folder;
  std::string ppm = "P6\n60000 60000\n255\n";
  store(folder / "huge.ppm", ppm + std::string(100, 'x'));
  EXPECT_THAT(read_error(folder / "huge.ppm"), AllOf(HasSubstr("huge.ppm"), HasSubstr("60000")));
}

class Damaged : public ::testing::TestWithParam<const char*> {};

TEST_P(Damaged, TruncatedAnywhereIsAnErrorThatNamesTheFile) {
  TempFolder folder;
  const std::string name = std::string("a") + GetParam(), cut = folder / ("cut" + name);
  write_image(gradient(150, 120), folder / name);
  const Bytes whole = load(folder / name);
  for (const double part : {0.02, 0.1, 0.3, 0.5, 0.8, 0.95}) {
    store(cut, Bytes(whole.begin(), whole.begin() + static_cast<int>(whole.size() * part)));
    EXPECT_THAT(read_error(cut), HasSubstr(cut)) << part;
  }
}

TEST_P(Damaged, FlippedBytesNeverCrash) {
  TempFolder folder;
  const std::string name = folder / (std::string("a") + GetParam());
  Image image = gradient(20, 15, true);
  image.metadata["exif"] = exif_block(6);
  write_image(image, name, {90, "recipe"});
  const Bytes whole = load(name);
  Random random(7);
  for (int round = 0; round < 150; ++round) {
    Bytes bytes = whole;
    for (int i = 0; i < 3; ++i) {
      // Mostly in the first part, where the structure is.
      const auto place = random.below(static_cast<int64_t>(round % 2 ? bytes.size() : 200));
      bytes[static_cast<size_t>(place) % bytes.size()] = static_cast<uint8_t>(random.below(256));
    }
    store(name, bytes);
    try {
      read_image(name, {1'000'000});
      read_recipe(name);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(name));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, Damaged, ::testing::Values(".jpg", ".png", ".webp", ".tif"));

TEST(BadInput, HostileExifBlocksAreSurvived) {
  const Bytes whole = exif_block(3, false);
  Random random(1);
  for (int round = 0; round < 20'000; ++round) {
    Bytes block = whole;
    for (int i = 0; i < 4; ++i) {
      block[random.below(static_cast<int64_t>(block.size()))] =
          static_cast<uint8_t>(random.below(256));
    }
    block.resize(static_cast<size_t>(random.below(static_cast<int64_t>(block.size()) + 1)));
    Bytes result = exif::normalised(block);
    exif::set_size(result, 1, 1);
    const Bytes collected = exif::from_tiff(block);
    Bytes tiff = whole;
    exif::into_tiff(tiff, block);
    EXPECT_LE(collected.size(), 3u << 20);
  }
  EXPECT_TRUE(exif::normalised(Bytes{}).empty());
  EXPECT_TRUE(exif::from_tiff(Bytes{}).empty());
  Bytes no_tiff;
  exif::into_tiff(no_tiff, whole);
  EXPECT_TRUE(no_tiff.empty());
}

}  // namespace
}  // namespace impasto::test
