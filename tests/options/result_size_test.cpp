// How large results are.

#include "impasto/result_size.h"

#include <gtest/gtest.h>

#include "formats/expect_error.h"

namespace impasto::test {
namespace {

using Sides = std::pair<int, int>;

Sides of(int width, int height, const char* text) {
  const PictureHeader photo(width, height, Samples::u8);
  const Size size = result_size(photo, parse_result_size(text));
  return {size.width, size.height};
}

TEST(ResultSize, FitsIntoAFrame) {
  EXPECT_EQ(of(4000, 3000, "1200x800"), Sides(1067, 800));
  EXPECT_EQ(of(3000, 4000, "1200x800"), Sides(600, 800));
  EXPECT_EQ(of(4000, 1000, "1200x800"), Sides(1200, 300));
  EXPECT_EQ(of(40, 30, "1200x800"), Sides(1067, 800)) << "small ones are enlarged, too";
  EXPECT_EQ(of(1200, 800, "1200x800"), Sides(1200, 800));
  EXPECT_EQ(of(20000, 3, "100x100"), Sides(100, 1));
  EXPECT_EQ(of(3, 20000, "1x1"), Sides(1, 1));
}

TEST(ResultSize, NeverLeavesIt) {
  for (int width = 1; width < 40; width += 3) {
    for (int height = 1; height < 40; height += 2) {
      for (const Sides& frame : {Sides(7, 31), Sides(100, 9), Sides(1, 50)}) {
        const std::string text = std::to_string(frame.first) + "x" + std::to_string(frame.second);
        const Sides size = of(width, height, text.c_str());
        EXPECT_TRUE(size.first <= frame.first && size.second <= frame.second) << text;
        EXPECT_TRUE(size.first == frame.first || size.second == frame.second) << text;
      }
    }
  }
}

TEST(ResultSize, IsTheLongerSideForOneNumber) {
  for (const Sides& sides : {Sides(4000, 3000), Sides(3, 500), Sides(77, 77), Sides(1, 1)}) {
    for (const char* text : {"1", "5", "512", "5000"}) {
      const PictureHeader photo(sides.first, sides.second, Samples::u8);
      const Size size = scaled_to(photo, std::stoi(text));
      EXPECT_EQ(of(sides.first, sides.second, text), Sides(size.width, size.height)) << text;
    }
    EXPECT_EQ(of(sides.first, sides.second, "0"), sides);
  }
}

TEST(ResultSize, IsAShareOfThePhotograph) {
  EXPECT_EQ(of(4000, 3001, "50%"), Sides(2000, 1501));
  EXPECT_EQ(of(400, 300, "100%"), Sides(400, 300));
  EXPECT_EQ(of(400, 300, "250%"), Sides(1000, 750));
  EXPECT_EQ(of(400, 3, "1%"), Sides(4, 1));
  EXPECT_EQ(of(800, 600, "12.5%"), Sides(100, 75));
  expect_error(ErrorCode::usage, "size 1000%: expected at most 100000 pixels a side, found 200000",
               [] { of(20000, 300, "1000%"); });
}

TEST(ResultSize, IsOneThatCanBeReadAgain) {
  expect_error(ErrorCode::usage, "size 100000: expected a result of at most 300 megapixels",
               [] { of(400, 300, "100000"); });
  expect_error(ErrorCode::usage, "size 30000x20000: expected a result of at most 300 megapixels",
               [] { of(300, 200, "30000x20000"); });
}

}  // namespace
}  // namespace impasto::test
