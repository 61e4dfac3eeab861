// Numbers in files have a point, whatever language the calling program speaks.

#include "base/number_text.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <cstdio>
#include <locale>

namespace impasto::test {
namespace {

struct Comma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

std::string printed(const char* format, int digits, double value) {
  char text[400];
  std::snprintf(text, sizeof text, format, digits, value);
  return text;
}

TEST(NumberText, IsWhatPrintfSaysInC) {
  for (const double value : {0.0, -0.0, 1.0, 0.5, 2.675, 1234567.0, 1e-7, -1e300, 99.995, 1e20}) {
    for (const int digits : {1, 2, 4, 17}) {
      EXPECT_EQ(fixed(value, digits), printed("%.*f", digits, value));
      EXPECT_EQ(significant(value, digits), printed("%.*g", digits, value));
    }
  }
  EXPECT_EQ(significant(INFINITY, 3), "inf");
}

TEST(NumberText, FollowsNoLocale) {
  const std::locale before = std::locale::global(std::locale(std::locale(), new Comma));
  EXPECT_EQ(fixed(1234.5, 2), "1234.50");
  EXPECT_EQ(significant(1234.5, 6), "1234.5");
  std::locale::global(before);
}

}  // namespace
}  // namespace impasto::test
