// What is known of how long things take here.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "image/samples.h"
#include "jobs/speed_book.h"

namespace impasto::test {
namespace {

class SpeedBookTest : public testing::Test {
 protected:
  TempFolder folder_;
  std::string path_ = folder_ / "cache/speed.json";
  const Speed speed_{0.5, 0.01, 1e-6};
};

TEST_F(SpeedBookTest, AddsUpStepsAndPixels) {
  EXPECT_DOUBLE_EQ(speed_.seconds(1000, 10), 0.5 + 10 * (0.01 + 1e-3));
  EXPECT_DOUBLE_EQ(speed_.times(2).seconds(1000, 10), 2 * speed_.seconds(1000, 10));
}

TEST_F(SpeedBookTest, KeepsWhatWasMeasured) {
  SpeedBook(path_).measured("work", speed_);
  SpeedBook again(path_);
  ASSERT_TRUE(again.find("work"));
  EXPECT_DOUBLE_EQ(again.find("work")->per_pixel, speed_.per_pixel);
  EXPECT_FALSE(again.find("other work"));
}

TEST_F(SpeedBookTest, FollowsTheMedianOfWhatRunsTook) {
  SpeedBook book(path_);
  book.took("work", 1, 5);  // nothing is known of it
  EXPECT_FALSE(book.find("work"));
  book.measured("work", speed_);
  for (const double seconds : {1.2, 9.0, 1.2}) {
    const double expected = book.find("work")->seconds(0, 1) / speed_.seconds(0, 1);
    book.took("work", expected, seconds);
  }
  EXPECT_NEAR(book.find("work")->seconds(0, 1), 1.2 * speed_.seconds(0, 1), 1e-9);
}

// So that the same command keeps its quality.
TEST_F(SpeedBookTest, DecidesAnewOnlyWhereItDiffersByThirtyPercent) {
  SpeedBook book("");
  book.measured("work", speed_);
  book.took("work", 1, 1.25);
  EXPECT_DOUBLE_EQ(book.settled("work")->begin, speed_.begin);
  EXPECT_DOUBLE_EQ(book.find("work")->begin, 1.25 * speed_.begin);
  for (int i = 0; i < 2; ++i) book.took("work", 1.25, 2);
  EXPECT_DOUBLE_EQ(book.settled("work")->begin, 2 * speed_.begin);
}

TEST_F(SpeedBookTest, ForgetsWhatItCannotRead) {
  SpeedBook(path_).measured("work", speed_);
  for (const std::string text :
       {"", "{", "[1]", "{\"work\": 1}", "{\"work\": {\"begin\": -1}}",
        "{\"work\": {\"begin\": 1, \"step\": 1, \"per_pixel\": 1e300, \"settled\": 1, "
        "\"factors\": []}}"}) {
    std::ofstream(path_) << text;
    SpeedBook book(path_);
    EXPECT_FALSE(book.find("work")) << text;
    book.measured("work", speed_);
    EXPECT_TRUE(SpeedBook(path_).find("work")) << text;
  }
}

TEST_F(SpeedBookTest, DoesWithoutAPlaceToKeepIt) {
  SpeedBook book("/proc/nowhere/speed.json");
  book.measured("work", speed_);
  EXPECT_TRUE(book.find("work"));
}

}  // namespace
}  // namespace impasto::test
