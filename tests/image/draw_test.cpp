#include "image/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "image/samples.h"

namespace impasto::test {
namespace {

double ink(const Image& text) {
  return std::accumulate(text.alpha.begin(), text.alpha.end(), 0.0);
}

TEST(Text, HasTheHeightAskedForAndInk) {
  for (const int height : {8, 18, 40}) {
    const Image text = render_text("relu4_2 ∇ Ä", height, 0.3f);
    EXPECT_EQ(text.height(), height);
    EXPECT_GT(text.width(), height);
    EXPECT_GT(ink(text), height);
    EXPECT_FLOAT_EQ(text.data()[0], 0.3f);
  }
}

TEST(Text, LettersStandOnOneLine) {
  const auto lowest = [](const Image& text) {
    int last = 0;
    for (int y = 0; y < text.height(); ++y) {
      for (int x = 0; x < text.width(); ++x) {
        if (text.alpha[static_cast<size_t>(y) * text.width() + x] > 0.5f) last = y;
      }
    }
    return last;
  };
  EXPECT_NEAR(lowest(render_text("nnn", 40, 0)), lowest(render_text("HHH", 40, 0)), 1);
  EXPECT_GT(lowest(render_text("g", 40, 0)), lowest(render_text("n", 40, 0)) + 3);
}

TEST(Text, AnythingIsTakenLiterally) {
  EXPECT_GT(ink(render_text("<b>a & b", 20, 0)), 0);
  EXPECT_GT(ink(render_text("bad \xff utf-8", 20, 0)), 0);
  EXPECT_EQ(render_text("two\nlines", 20, 0).height(), 20);
  EXPECT_EQ(ink(render_text("", 20, 0)), 0);
  EXPECT_EQ(ink(render_text("  ", 20, 0)), 0);
}

TEST(Blit, CutsOffWhatFallsOutside) {
  Image canvas(4, 4), tile(3, 3);
  std::fill_n(tile.data(), 27, 1.0f);
  blit(canvas, tile, -2, 3);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) EXPECT_EQ(canvas.row(y)[3 * x], x == 0 && y == 3 ? 1 : 0);
  }
  blit(canvas, tile, 100, 100);
  blit(canvas, tile, -100, -100);
  tile.alpha.assign(9, 0.25f);
  blit(canvas, tile, 1, 0);
  EXPECT_FLOAT_EQ(canvas.row(0)[3], 0.25f);
}

TEST(HeatMap, RunsFromDarkBlueToYellow) {
  std::vector<float> values;
  for (int i = 0; i <= 100; ++i) values.push_back(static_cast<float>(i));
  const Image map = heat_map(values, 101, 1, 0, 100);
  const float first[3] = {0.267f, 0.005f, 0.329f}, last[3] = {0.993f, 0.906f, 0.144f};
  double before = 0;
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(map.data()[c], first[c], 0.02);
    EXPECT_NEAR(map.data()[300 + c], last[c], 0.02);
  }
  for (int i = 0; i <= 100; ++i) {  // brighter all the way: readable in grey print too
    const float* rgb = map.data() + 3 * i;
    const double luma = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    EXPECT_GT(luma, before) << i;
    before = luma;
  }
}

TEST(HeatMap, OddValues) {
  const float values[4] = {-INFINITY, INFINITY, NAN, 5};
  const Image map = heat_map(values, 2, 2, 0, 1);
  EXPECT_LT(map.data()[0], 0.3);
  EXPECT_GT(map.data()[3], 0.9);
  EXPECT_EQ(map.data()[6], 0.5f);
  EXPECT_NO_THROW(heat_map(values, 2, 2, 1, 1));
  error_of(ErrorCode::internal, [&] { heat_map(values, 3, 2, 0, 1); });
}

TEST(Grid, HoldsEveryTileAtItsSize) {
  std::vector<std::pair<std::string, Image>> items;
  for (int i = 0; i < 5; ++i) {
    Image tile(40 + i, 30);
    std::fill_n(tile.data(), static_cast<size_t>(tile.width()) * 90, 0.0f);
    for (int p = 0; p < tile.width() * 30; ++p) tile.data()[3 * p] = 1;  // red
    items.emplace_back("tile " + std::to_string(i), std::move(tile));
  }
  items.emplace_back("a label much wider than its picture", Image());
  const Image sheet = labelled_grid(items, 3);
  int red = 0, dark = 0;
  for (int i = 0; i < sheet.width() * sheet.height(); ++i) {
    const float* p = sheet.data() + 3 * i;
    red += p[0] == 1 && p[1] == 0 && p[2] == 0;
    dark += p[0] < 0.2f;
  }
  EXPECT_EQ(red, (40 + 41 + 42 + 43 + 44) * 30);
  EXPECT_GT(dark, 100);
  EXPECT_EQ(sheet.row(0)[0], 1);
  EXPECT_LT(labelled_grid({items[0]}, 4).width(), sheet.width());
  error_of(ErrorCode::internal, [] { labelled_grid({}, 3); });
}

}  // namespace
}  // namespace impasto::test
