#include "image/oklab.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/random.h"

namespace impasto::test {
namespace {

using Colour = std::array<float, 3>;

Colour lab_of(Colour rgb) {
  to_oklab(rgb.data(), 1, rgb.data());
  return rgb;
}
Colour rgb_of(Colour lab) {
  from_oklab(lab.data(), 1, lab.data());
  return lab;
}
void expect_near(const Colour& found, const Colour& expected, double tolerance) {
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(found[i], expected[i], tolerance) << "channel " << i;
}

// By colour.js, an implementation that knows nothing of ours.
TEST(Oklab, KnowsTheUsualColours) {
  expect_near(lab_of({1, 1, 1}), {1, 0, 0}, 1e-5);
  expect_near(lab_of({0, 0, 0}), {0, 0, 0}, 1e-5);
  expect_near(lab_of({1, 0, 0}), {0.62796f, 0.22486f, 0.12585f}, 2e-5);
  expect_near(lab_of({0, 1, 0}), {0.86644f, -0.23389f, 0.17950f}, 2e-5);
  expect_near(lab_of({0, 0, 1}), {0.45201f, -0.03246f, -0.31153f}, 2e-5);
}

TEST(Oklab, ComesBack) {
  Random random(1);
  std::vector<float> rgb(3 * 5000);
  for (float& v : rgb) v = static_cast<float>(random.uniform() * random.uniform());  // dark, too
  std::vector<float> there = rgb, back(rgb.size());
  to_oklab(there.data(), 5000, there.data());
  from_oklab(there.data(), 5000, back.data());
  for (size_t i = 0; i < rgb.size(); ++i) ASSERT_NEAR(back[i], rgb[i], 1e-4) << i;
}

TEST(Oklab, ColoursThatSrgbLacksKeepLightnessAndHue) {
  for (const Colour& lab : {Colour{0.7f, 0.4f, 0.1f}, {0.3f, -0.2f, 0.2f}, {0.9f, 0.1f, -0.3f}}) {
    const Colour rgb = rgb_of(lab), back = lab_of(rgb);
    for (const float v : rgb) EXPECT_TRUE(v >= 0 && v <= 1);
    EXPECT_NEAR(back[0], lab[0], 2e-3);
    EXPECT_NEAR(std::atan2(back[2], back[1]), std::atan2(lab[2], lab[1]), 0.02);
    EXPECT_LT(std::hypot(back[1], back[2]), std::hypot(lab[1], lab[2]));
    EXPECT_GT(std::hypot(back[1], back[2]), 0.03);
    // At the edge of what there is.
    const auto [low, high] = std::minmax_element(rgb.begin(), rgb.end());
    EXPECT_TRUE(*low < 0.02f || *high > 0.99f);
  }
  expect_near(rgb_of({1.2f, 0.1f, 0.1f}), {1, 1, 1}, 1e-3);
  expect_near(rgb_of({-0.2f, 0.1f, 0.1f}), {0, 0, 0}, 1e-3);
}

TEST(Oklab, WhatIsNoColourBecomesOne) {
  for (const Colour& rgb : {Colour{NAN, 0.5f, 2}, {-1, INFINITY, 0}, {-INFINITY, 9, NAN}}) {
    for (const float v : rgb_of(lab_of(rgb))) EXPECT_TRUE(v >= 0 && v <= 1) << v;
    for (const float v : rgb_of(rgb)) EXPECT_TRUE(v >= 0 && v <= 1) << v;
  }
}

}  // namespace
}  // namespace impasto::test
