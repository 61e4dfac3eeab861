#include "image/label_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "image/map_pixels.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

using Colour = std::array<float, 3>;
constexpr Colour of_levels(int r, int g, int b) {
  return {static_cast<float>(r) / 255, static_cast<float>(g) / 255, static_cast<float>(b) / 255};
}
constexpr Colour sky = of_levels(51, 102, 230), grass = of_levels(26, 179, 51),
                 sun = of_levels(255, 230, 26);

// Sky above grass with a round sun, 96 x 64; edges are softened over about a pixel.
Image drawn(bool soft = false, const Colour& third = sun) {
  Image image(96, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 96; ++x) {
      const auto share = [&](double distance) {
        return static_cast<float>(soft ? std::clamp(0.5 - distance, 0.0, 1.0) : distance < 0);
      };
      const float ground = share(36 - y - 0.5 + 4 * std::sin(x * 0.1));
      const float disk = share(std::hypot(x - 70, y - 14) - 9);
      for (size_t c = 0; c < 3; ++c) {
        const float below = sky[c] + ground * (grass[c] - sky[c]);
        image.row(y)[3 * x + static_cast<int>(c)] = below + disk * (third[c] - below);
      }
    }
  }
  return image;
}

int differences(const LabelMap& a, const LabelMap& b) {
  int count = 0;
  for (size_t i = 0; i < a.labels.size(); ++i) count += a.labels[i] != b.labels[i];
  return count;
}

TEST(LabelMap, HasTheColoursOfTheMap) {
  const LabelMap map = read_label_map(drawn(), "map");
  ASSERT_EQ(map.colours.size(), 3u);
  EXPECT_EQ(hex_of(map.colours[0]), "#3366e6");
  EXPECT_EQ(hex_of(map.colours[1]), "#1ab333");
  EXPECT_EQ(hex_of(map.colours[2]), "#ffe61a");
  EXPECT_EQ(map.labels[0], 0);
  EXPECT_EQ(map.labels[63 * 96], 1);
  EXPECT_EQ(map.labels[14 * 96 + 70], 2);
  const Mask disk = map.mask(2);
  EXPECT_EQ(disk.row(14)[70], 255);
  EXPECT_EQ(disk.row(50)[70], 0);
}

// Between yellow and blue lies a grey green; it must not become grass.
TEST(LabelMap, EdgesGoToOneOfTheirSides) {
  const LabelMap sharp = read_label_map(drawn(), "map"), soft = read_label_map(drawn(true), "map");
  ASSERT_EQ(soft.colours.size(), 3u);
  EXPECT_LT(differences(sharp, soft), 120) << "half of the edges' pixels at most";
  for (int y = 0; y < 26; ++y) {
    for (int x = 0; x < 96; ++x) ASSERT_NE(soft.labels[static_cast<size_t>(y * 96 + x)], 1);
  }
}

TEST(LabelMap, StandsTheNoiseOfJpeg) {
  const TempFolder folder;
  const LabelMap sharp = read_label_map(drawn(), "map");
  for (const int quality : {95, 85, 75}) {
    write_image(drawn(true), folder / "map.jpg", {.quality = quality, .recipe = {}});
    LabelMap noisy = read_label_map(read_image(folder / "map.jpg"), "map");
    match_labels(sharp, "sharp", noisy, "noisy");
    EXPECT_LT(differences(sharp, noisy), 150) << quality;
  }
}

// Flat shapes, thick and thin, that overlap, in colours that are as far apart as `step` says.
Image shapes(double step, uint64_t seed) {
  Random random(seed);
  const auto any = [&](double least, double most) {
    return least + (most - least) * random.uniform();
  };
  std::vector<Colour> colours = {of_levels(70, 120, 160)};
  while (colours.size() < 5) {
    Colour c{};
    for (float& v : c) v = static_cast<float>(random.uniform());
    bool good = true;
    double closest = 2;
    for (const Colour& other : colours) {
      const double d = std::hypot(c[0] - other[0], c[1] - other[1], c[2] - other[2]);
      good = good && d >= step;
      closest = std::min(closest, d);
    }
    if (good && closest < 1.5 * step) colours.push_back(c);
  }
  Image image(240, 180);
  for (int y = 0; y < 180; ++y) {
    for (int x = 0; x < 240; ++x) std::copy_n(colours[0].data(), 3, image.row(y) + 3 * x);
  }
  for (size_t i = 1; i < 10; ++i) {
    const Colour& colour = colours[1 + i % 4];
    const double at_x = any(20, 220), at_y = any(20, 160), radius = any(12, 40);
    const double slope = any(-1, 1), half = i < 5 ? radius : any(1.5, 4);
    for (int y = 0; y < 180; ++y) {
      for (int x = 0; x < 240; ++x) {
        const double across = (y - at_y - slope * (x - at_x)) / std::hypot(1, slope);
        const bool inside = i < 5 ? std::hypot(x - at_x, y - at_y) < radius
                                  : std::abs(across) < half && std::abs(x - at_x) < 2 * radius;
        if (inside) std::copy_n(colour.data(), 3, image.row(y) + 3 * x);
      }
    }
  }
  return image;
}

// Pixels whose label the other map has nowhere within two pixels.
int misplaced(const LabelMap& right, const LabelMap& found) {
  int count = 0;
  for (int y = 0; y < right.height; ++y) {
    for (int x = 0; x < right.width; ++x) {
      const uint8_t label = found.labels[static_cast<size_t>(y) * right.width + x];
      bool near = false;
      for (int j = std::max(0, y - 2); j <= std::min(right.height - 1, y + 2); ++j) {
        for (int i = std::max(0, x - 2); i <= std::min(right.width - 1, x + 2); ++i) {
          near = near || right.labels[static_cast<size_t>(j) * right.width + i] == label;
        }
      }
      count += !near;
    }
  }
  return count;
}

// With colour at half the size, as most programs save it.
TEST(LabelMap, IsTheSameFromJpegUpToTwoPixels) {
  const TempFolder folder;
  int maps = 0, all = 0;
  for (const double step : {0.25, 0.4}) {
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      const Image image = shapes(step, seed);
      const LabelMap right = read_label_map(image, "right");
      std::vector<uint8_t> bytes;
      for (int i = 0; i < 3 * 240 * 180; ++i) {
        bytes.push_back(static_cast<uint8_t>(std::lround(255 * image.data()[i])));
      }
      for (const char* quality : {"50", "75", "90"}) {
        const std::string file = folder / "map.jpg";
        const std::string how = file + "[Q=" + quality + ",subsample_mode=on]";
        save_raw(how, bytes.data(), 240, 180, 3, Space::rgb);
        LabelMap found = read_label_map(read_image(file), "found");
        ASSERT_NO_THROW(match_labels(right, "right", found, "found"))
            << step << " " << seed << " " << quality;
        const int wrong = misplaced(right, found);
        EXPECT_LT(wrong, 240 * 180 / 200) << step << " " << seed << " " << quality;
        EXPECT_LT(differences(right, found), 240 * 180 / 25);
        all += wrong;
        ++maps;
      }
    }
  }
  EXPECT_LT(all / maps, 240 * 180 / 1000);
}

TEST(LabelMap, KeepsThinLines) {
  Image image = drawn();
  for (int y = 0; y < 64; ++y) std::copy(sun.begin(), sun.end(), image.row(y) + 3 * 20);
  const LabelMap map = read_label_map(image, "map");
  int kept = 0;
  for (size_t y = 0; y < 64; ++y) kept += map.labels[y * 96 + 20] == 2;
  EXPECT_EQ(kept, 64);
}

TEST(LabelMap, OfTheSmallestPictures) {
  Image dot(1, 1);
  EXPECT_EQ(read_label_map(dot, "dot").labels, (std::vector<uint8_t>{0}));
  Image two(2, 1);
  std::fill_n(two.data() + 3, 3, 1.0f);
  const LabelMap map = read_label_map(two, "two");
  EXPECT_EQ(map.colours.size(), 2u);
  EXPECT_NE(map.labels[0], map.labels[1]);
}

TEST(LabelMap, RefusesAPhotograph) {
  Image noise(64, 64);
  Random random(1);
  for (int i = 0; i < 64 * 64 * 3; ++i) noise.data()[i] = static_cast<float>(random.uniform());
  const std::string message =
      error_of(ErrorCode::input, [&] { (void)read_label_map(noise, "cat.jpg"); });
  EXPECT_EQ(message.find("cat.jpg"), 0u) << message;
}

TEST(MatchLabels, BringsThemIntoOneOrder) {
  Image upside_down(96, 64);
  const Image image = drawn();
  for (int y = 0; y < 64; ++y) {
    // More grass than sky: another order of frequency.
    std::copy_n(image.row(y < 16 ? y : 63), 96 * 3, upside_down.row(y));
  }
  const LabelMap one = read_label_map(image, "one");
  LabelMap other = read_label_map(upside_down, "other");
  EXPECT_EQ(hex_of(other.colours[0]), "#1ab333");
  match_labels(one, "one", other, "other");
  EXPECT_EQ(other.labels[0], one.labels[0]);
  EXPECT_EQ(other.labels[63 * 96], one.labels[63 * 96]);
}

TEST(MatchLabels, NamesTheColourThatIsMissing) {
  LabelMap with_sun = read_label_map(drawn(), "sun");
  LabelMap with_plum = read_label_map(drawn(false, of_levels(128, 0, 128)), "plum");
  const LabelMap without = read_label_map(drawn(false, grass), "bare");
  ASSERT_EQ(without.colours.size(), 2u);
  std::string message =
      error_of(ErrorCode::input, [&] { match_labels(with_sun, "sun.png", with_plum, "plum.png"); });
  EXPECT_NE(message.find("plum.png: the colour #800080 is not in sun.png"), std::string::npos)
      << message;
  message =
      error_of(ErrorCode::input, [&] { match_labels(without, "bare.png", with_sun, "sun.png"); });
  EXPECT_NE(message.find("sun.png: the colour #ffe61a is not in bare.png"), std::string::npos)
      << message;
}

TEST(MatchLabels, TakesAMapThatLacksSome) {
  const LabelMap with_sun = read_label_map(drawn(), "sun");
  LabelMap without = read_label_map(drawn(false, grass), "bare");
  ASSERT_EQ(without.colours.size(), 2u);
  const std::vector<MapColour> two = without.colours;
  const std::vector<uint8_t> before = without.labels;
  match_labels(with_sun, "sun.png", without, "bare.png");
  EXPECT_EQ(without.colours, with_sun.colours);
  for (size_t i = 0; i < before.size(); ++i) {
    ASSERT_EQ(without.colours[without.labels[i]], two[before[i]]) << "pixel " << i;
  }
}

}  // namespace
}  // namespace impasto::test
