// What in a photograph resembles which part of a painting.

#include "descent/alike.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "zoo/engine.h"

namespace impasto::test {
namespace {

// Calm where `calm` says so, else of fine stripes.
template <class Calm>
Image calm_and_striped(int width, int height, const Calm& calm) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double wave =
          calm(x, y) ? 0.02 * std::sin(0.01 * (x + y)) : std::sin(0.9 * (x + 2 * y));
      for (int c = 0; c < 3; ++c) {
        image.row(y)[3 * x + c] = static_cast<float>(0.5 + (0.15 + 0.1 * c) * wave);
      }
    }
  }
  return image;
}

// The part to which most of a window's positions belong.
int64_t most_common(const PartShares& s, int64_t y0, int64_t y1, int64_t x0, int64_t x1) {
  std::vector<int> votes(static_cast<size_t>(s.parts));
  for (int64_t y = y0; y < y1; ++y) {
    for (int64_t x = x0; x < x1; ++x) {
      const auto at = s.shares.begin() + (y * s.width + x) * s.parts;
      ++votes[static_cast<size_t>(std::max_element(at, at + s.parts) - at)];
    }
  }
  return std::max_element(votes.begin(), votes.end()) - votes.begin();
}

TEST(AlikeParts, AreWhatLooksAlike) {
  const Engine engine = open_engine({});
  const Image painting =
      calm_and_striped(256, 192, [](int x, int) { return x < 128; });  // calm on the left
  const Image photo = calm_and_striped(320, 256, [](int, int y) { return y >= 128; });  // below
  const auto alike = find_alike_parts(engine.network, *engine.backend, engine.type,
                                      source_of(photo), source_of(painting));
  ASSERT_TRUE(alike);
  const PartShares &p = alike->photo, &s = alike->painting;
  ASSERT_EQ(p.parts, s.parts);
  const int64_t calm = most_common(s, 2, s.height - 2, 2, s.width / 2 - 2);
  const int64_t striped = most_common(s, 2, s.height - 2, s.width / 2 + 2, s.width - 2);
  EXPECT_NE(calm, striped);
  EXPECT_EQ(most_common(p, 2, p.height / 2 - 2, 2, p.width - 2), striped);
  EXPECT_EQ(most_common(p, p.height / 2 + 2, p.height - 2, 2, p.width - 2), calm);
}

TEST(AlikeParts, ShareOutEveryPositionOnce) {
  PartShares shares{2, 3, 2, {}};
  for (const float first : {1.0f, 0.8f, 0.2f, 0.9f, 0.4f, 0.0f}) {
    shares.shares.insert(shares.shares.end(), {first, 1 - first});
  }
  for (const int margin : {0, 8}) {
    const Shape tap{1, (32 + 2 * margin) / 8, (48 + 2 * margin) / 8, 5};
    const std::vector<Guide> guides = guides_of(shares, {48, 32}, margin, tap);
    ASSERT_EQ(guides.size(), 2u);
    std::set<int32_t> seen;
    for (const Guide& guide : guides) {
      EXPECT_EQ(guide.height, tap.h());
      EXPECT_EQ(guide.width, tap.w());
      EXPECT_EQ(guide.sum, static_cast<double>(guide.positions.size()));
      EXPECT_TRUE(std::is_sorted(guide.positions.begin(), guide.positions.end()));
      seen.insert(guide.positions.begin(), guide.positions.end());
    }
    EXPECT_EQ(seen.size(), guides[0].positions.size() + guides[1].positions.size());
    EXPECT_EQ(static_cast<int64_t>(seen.size()), tap.pixels());
    const auto corner = static_cast<int32_t>(tap.pixels() - 1);
    EXPECT_EQ(guides[0].positions.front(), 0) << "the corners' parts reach over the margin";
    EXPECT_EQ(guides[1].positions.back(), corner);
  }
}

// Too little is seen of them.
TEST(AlikeParts, AreNotLookedForInThumbnails) {
  const Engine engine = open_engine({});
  const Image photo = calm_and_striped(16, 16, [](int, int) { return true; });
  EXPECT_FALSE(find_alike_parts(engine.network, *engine.backend, engine.type, source_of(photo),
                                source_of(photo)));
}

}  // namespace
}  // namespace impasto::test
