#include "image/jpeg_end.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/embed.h"
#include "image/odd_files.h"

namespace impasto::test {
namespace {

TEST(JpegEnd, AMissingMarkerCostsNothing) {
  TempFolder folder;
  write_image(gradient(64, 48), folder / "a.jpg");
  Bytes file = load(folder / "a.jpg");
  const Image whole = read_image(folder / "a.jpg");
  // A thumbnail inside has an end of its own.
  embed::into_jpeg(file, {{}, joined({exif_block(1), {0xff, 0xd8, 0xff, 0xd9}}), {}});
  EXPECT_FALSE(jpeg::lacks_end(file));
  file.resize(file.size() - 2);
  EXPECT_TRUE(jpeg::lacks_end(file));
  store(folder / "b.jpg", file);
  const Image image = read_image(folder / "b.jpg");
  EXPECT_EQ(max_difference(image, whole), 0);
  EXPECT_THAT(image.note, ::testing::HasSubstr("b.jpg: lacks its end marker"));
}

TEST(JpegEnd, BytesBehindItAreNoDamage) {
  TempFolder folder;
  write_image(gradient(64, 48), folder / "a.jpg");
  store(folder / "a.jpg", joined({load(folder / "a.jpg"), Bytes(100, 0)}));
  EXPECT_FALSE(jpeg::lacks_end(load(folder / "a.jpg")));
  EXPECT_EQ(read_image(folder / "a.jpg").note, "");
}

TEST(JpegEnd, AFileThatBreaksOffIsStillDamaged) {
  TempFolder folder;
  write_image(gradient(256, 256), folder / "a.jpg");
  const Bytes file = load(folder / "a.jpg");
  for (const size_t size : {file.size() / 2, file.size() - 40}) {
    store(folder / "b.jpg", Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(folder / "b.jpg"); }),
                ::testing::HasSubstr("b.jpg: is damaged"));
  }
}

TEST(JpegEnd, OtherBytesHaveNone) {
  for (const Bytes& file :
       {Bytes{}, Bytes{0xff, 0xd8, 0xff}, Bytes{0xff, 0xd8, 0xff, 0xff, 0xff, 0xff},
        Bytes{0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0}, Bytes(40, 0xff)}) {
    EXPECT_FALSE(jpeg::lacks_end(file));
  }
}

}  // namespace
}  // namespace impasto::test
