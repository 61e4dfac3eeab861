// Encoder, transfer and decoder together, with random weights: what depends on what.

#include "transfer/painter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "losses/helpers.h"
#include "models/vgg.h"

namespace impasto::test {
namespace {

Tensor picture(int64_t h, int64_t w, uint64_t seed) {
  Random random(seed);
  const double phase = random.uniform(0, 6), pitch = random.uniform(0.1, 0.4);
  const Tensor t({1, h, w, 3});
  for (int64_t i = 0; i < t.size(); ++i) {
    const int64_t column = i / 3 % w, row = i / 3 / w;
    const auto x = static_cast<double>(column), y = static_cast<double>(row);
    t.data<float>()[i] = static_cast<float>(
        0.5 + 0.3 * std::sin(pitch * (x + 0.5 * y) + phase * static_cast<double>(i % 3)) +
        0.1 * random.uniform(-1, 1));
  }
  return t;
}

double difference(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (int64_t i = 0; i < a.size(); ++i) sum += std::abs(a.at(i) - b.at(i));
  return sum / static_cast<double>(a.size());
}

class PainterTest : public testing::Test {
 protected:
  PainterTest() {
    const auto encoder = make_vgg(small_vgg_config());
    initialise(*encoder, 3);
    const auto decoder = make_decoder();
    initialise_decoder(*decoder, 4);
    // As loud as a trained one.
    for (Parameter& p : decoder->parameters()) {
      if (p.name != "level5.out.weight") continue;
      for (int64_t i = 0; i < p.value.size(); ++i) p.value.data<float>()[i] *= 5;
    }
    std::vector<PictureStatistics> looks;
    for (uint64_t seed = 20; seed < 24; ++seed) {
      Plan plan(encoder, *backend_, {1, 64, 64, 3}, {DType::f32, style_taps(), false, false});
      plan.forward(picture(64, 64, seed));
      looks.push_back(picture_statistics(*backend_, picture(64, 64, seed), plan));
    }
    painter_.emplace(*backend_, encoder,
                     make_painting_decoder(decoder->named_parameters(), "the decoder"),
                     StyleCode(looks), DType::f32);
    const Tensor painting = picture(50, 70, 1), other = picture(64, 48, 2);
    style_ = painter_->look_at_style({painting, painting});
    other_ = painter_->look_at_style({other, other});
    painter_->look_at_content(picture(64, 80, 5));
  }
  Tensor paint(const std::vector<WeightedStatistics>& styles, double share = 1, double boldness = 0,
               uint64_t seed = 1) {
    return painter_->paint(styles, share, boldness, seed).clone();
  }

  const UseThreads one_{1};  // waking another takes longer than such pictures
  std::unique_ptr<Backend> backend_ = make_cpu_backend();
  std::optional<Painter> painter_;
  StyleStatistics style_, other_;
};

TEST_F(PainterTest, PaintsThePhotographsSize) {
  const Tensor t = paint({{style_, 1}});
  EXPECT_EQ(t.shape(), (Shape{1, 64, 80, 3}));
  EXPECT_TRUE(all_finite(t));
}

TEST_F(PainterTest, IsTheSameForTheSameSeedAndDependsOnEveryArgument) {
  const Tensor first = paint({{style_, 1}});
  EXPECT_EQ(difference(first, paint({{style_, 1}})), 0);
  EXPECT_GT(difference(first, paint({{other_, 1}})), 1e-3);
  EXPECT_GT(difference(first, paint({{style_, 1}}, 0.5)), 1e-4);
  EXPECT_GT(difference(first, paint({{style_, 1}}, 1, 1)), 1e-6);
  EXPECT_GT(difference(first, paint({{style_, 1}}, 1, 0, 2)), 1e-4);
}

TEST_F(PainterTest, MixesStyles) {
  const Tensor a = paint({{style_, 1}}), b = paint({{other_, 1}});
  const Tensor near_a = paint({{style_, 4}, {other_, 1}});
  const Tensor near_b = paint({{style_, 1}, {other_, 4}});
  EXPECT_LT(difference(near_a, a), 0.9 * difference(near_a, b));
  EXPECT_LT(difference(near_b, b), 0.9 * difference(near_b, a));
  EXPECT_LT(difference(paint({{style_, 1}, {other_, 1e-6}}), a), 1e-3);
}

TEST_F(PainterTest, PaintsAnotherPhotographNext) {
  const Tensor before = paint({{style_, 1}});
  painter_->look_at_content(picture(48, 48, 9));
  EXPECT_EQ(paint({{style_, 1}}).shape(), (Shape{1, 48, 48, 3}));
  painter_->look_at_content(picture(64, 80, 5));
  EXPECT_EQ(difference(before, paint({{style_, 1}})), 0);
}

TEST_F(PainterTest, PaintsTilesThatEqualTheWhole) {
  const int64_t h = 544, w = 720;
  const Tensor photo = picture(h, w, 6), result({1, h, w, 3});
  painter_->look_at_content(photo);
  const Tensor whole = paint({{style_, 1}});
  const auto read = [&](int64_t y, int64_t x, const Tensor& window) {
    const int64_t row = 3 * window.shape().w();
    for (int64_t i = 0; i < window.shape().h(); ++i) {
      std::copy_n(photo.data<float>() + 3 * ((y + i) * w + x), row, window.data<float>() + i * row);
    }
  };
  const TiledPicture tiled{h, w, 432, 368, read};
  const auto largest_difference = [&] {
    result.fill(-1);
    painter_->paint(
        tiled, {{style_, 1}}, 1, 0, 1, [&](const Tile& tile, const Tensor& window, double) {
          Tensor room;
          const Tensor core = core_of(window, tile, 1, room);
          const int64_t row = 3 * core.shape().w();
          for (int64_t i = 0; i < core.shape().h(); ++i) {
            std::copy_n(core.data<float>() + i * row, row,
                        result.data<float>() + 3 * ((tile.y.begin + i) * w + tile.x.begin));
          }
          return true;
        });
    double largest = 0;
    for (int64_t i = 0; i < result.size(); ++i) {
      largest = std::max(largest, std::abs(result.at(i) - whole.at(i)));
    }
    return largest;
  };
  // The same statistics: only the order of sums within a convolution may differ.
  EXPECT_LT(largest_difference(), 1e-5);
  // Statistics of tiles: the transfer's matrices are rounded to bf16, and an entry on the edge
  // may fall to the other side.
  painter_->look_at_content(tiled);
  EXPECT_LT(largest_difference(), 2e-2);
}

TEST(Noise, HasMeanZeroAndVarianceOne) {
  const Tensor t({1, 64, 64, 16});
  fill_noise(t, 7);
  double sum = 0, square = 0, neighbours = 0;
  for (int64_t i = 0; i < t.size(); ++i) {
    sum += t.at(i);
    square += t.at(i) * t.at(i);
    if (i >= 16) neighbours += t.at(i) * t.at(i - 16);
  }
  const auto n = static_cast<double>(t.size());
  // 65,536 numbers: a deviation of 1/256 of each of these means.
  EXPECT_NEAR(sum / n, 0, 0.015);
  EXPECT_NEAR(square / n, 1, 0.015);
  EXPECT_NEAR(neighbours / n, 0, 0.015);
}

// So tiles can be painted one by one.
TEST(Noise, BelongsToThePlace) {
  const Tensor whole({1, 12, 10, 3}), part({1, 4, 5, 3});
  fill_noise(whole, 3);
  fill_noise(part, 3, 6, 2);
  for (int64_t y = 0; y < 4; ++y) {
    for (int64_t i = 0; i < 15; ++i) {
      ASSERT_EQ(part.at(y * 15 + i), whole.at((y + 6) * 30 + 2 * 3 + i));
    }
  }
}

}  // namespace
}  // namespace impasto::test
