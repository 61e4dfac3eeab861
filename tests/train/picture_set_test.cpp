#include "train/picture_set.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "formats/expect_error.h"
#include "image/samples.h"
#include "support/synthetic.h"

namespace impasto::test {

namespace fs = std::filesystem;

namespace {

class PictureSetTest : public testing::Test {
 protected:
  std::string put(const std::string& name, int width, int height, uint64_t seed) {
    const std::string path = folder_ / name;
    fs::create_directories(fs::path(path).parent_path());
    write_image(synthetic_picture(width, height, seed), path);
    return path;
  }
  PictureSet read(int longest = 512) {
    Progress quiet;
    return PictureSet({folder_.path()}, longest, quiet);
  }

  TempFolder folder_;
};

TEST_F(PictureSetTest, ReadsWhatIsBelowAndSkipsWhatIsNoPicture) {
  put("a.png", 40, 30, 1);
  put("deeper/still/b.png", 30, 40, 2);
  store(folder_ / "notes.txt", std::string("no picture"));
  store(folder_ / "broken.png", std::string("\x89PNG\r\n\x1a\n"));
  EXPECT_EQ(read().size(), 2u);
}

TEST_F(PictureSetTest, RefusesFoldersWithoutPictures) {
  expect_error(ErrorCode::input, "holds no picture to train on", [&] { read(); });
  Progress quiet;
  const std::string missing = folder_ / "missing";
  expect_error(ErrorCode::input, missing, [&] { PictureSet({missing}, 512, quiet); });
}

TEST_F(PictureSetTest, TheMiddleIsThePicturesOwnPixels) {
  const Image picture = read_image(put("a.png", 48, 36, 3));
  const Tensor middle = read().middle(0, 16);
  ASSERT_EQ(middle.shape(), (Shape{1, 16, 16, 3}));
  for (int y = 0; y < 16; ++y) {
    for (int k = 0; k < 48; ++k) {
      EXPECT_NEAR(middle.data<float>()[48 * y + k], picture.row(10 + y)[3 * 16 + k], 1e-6);
    }
  }
}

TEST_F(PictureSetTest, LargePicturesAreReduced) {
  put("a.png", 200, 100, 4);
  const Tensor middle = read(50).middle(0, 25);  // of 50x25: all of its height
  float low = 1, high = 0;
  for (int64_t i = 0; i < middle.size(); ++i) {
    low = std::min(low, middle.data<float>()[i]);
    high = std::max(high, middle.data<float>()[i]);
  }
  EXPECT_GT(high - low, 0.3f);
}

TEST_F(PictureSetTest, BatchesHangOnTheRandomNumbersAlone) {
  put("a.png", 80, 60, 5);
  put("b.png", 50, 90, 6);
  const PictureSet set = read();
  const auto batch = [&](uint64_t seed) {
    Random random(seed);
    return set.batch(random, 4, 32, {0.5, 2, 0.4, true, 0.3});
  };
  const Tensor first = batch(1), again = batch(1), other = batch(2);
  ASSERT_EQ(first.shape(), (Shape{4, 32, 32, 3}));
  EXPECT_EQ(std::memcmp(first.raw(), again.raw(), first.bytes()), 0);
  EXPECT_NE(std::memcmp(first.raw(), other.raw(), first.bytes()), 0);
  for (int64_t i = 0; i < first.size(); ++i) {
    ASSERT_TRUE(first.data<float>()[i] >= 0 && first.data<float>()[i] <= 1);
  }
}

TEST_F(PictureSetTest, GreyOnesLoseTheirColours) {
  put("a.png", 80, 60, 7);
  const PictureSet set = read();
  Random random(1);
  CropOptions options;
  options.grey_share = 1;
  const Tensor batch = set.batch(random, 1, 32, options);
  // A tint of the whole is left: the gains of the channels.
  const float* p = batch.data<float>();
  const auto inside = [&](int64_t i) { return p[i] > 0.01f && p[i] < 0.99f; };
  float tint = NAN;
  int compared = 0;
  for (int64_t i = 0; i < batch.size(); i += 3) {
    if (!inside(i) || !inside(i + 1)) continue;
    if (std::isnan(tint)) tint = p[i] - p[i + 1];
    EXPECT_NEAR(p[i] - p[i + 1], tint, 1e-5);
    ++compared;
  }
  EXPECT_GT(compared, 500);
}

}  // namespace
}  // namespace impasto::test
