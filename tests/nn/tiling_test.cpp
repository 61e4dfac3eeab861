// Windows cover a picture, and what counts in them adds up to what the whole gives.

#include <gtest/gtest.h>

#include <algorithm>

#include "impasto/error.h"
#include "nn/networks.h"
#include "nn/tiled_plan.h"

namespace impasto::test {
namespace {

TEST(Tiling, CoversEverySideWithWindowsOfOneSize) {
  for (const int64_t length : {512, 528, 1024, 1037, 1920, 7712, 12000, 8001}) {
    for (const int64_t longest : {512, 530, 1008, 20000}) {
      for (const int64_t halo : {0, 16, 80, 160}) {
        const int64_t window = even_window(length, longest, halo);
        ASSERT_LE(window, std::min(length, longest));
        ASSERT_EQ((length - window) % 16, 0);
        int64_t at = 0;
        for (const Cut& cut : cut_side(length, window, halo)) {
          ASSERT_EQ(cut.begin, at);
          ASSERT_EQ(cut.start % 16, 0);
          ASSERT_TRUE(cut.start == 0 || cut.begin - cut.start >= halo);
          ASSERT_TRUE(cut.start + window == length || cut.start + window - cut.end >= halo);
          at = cut.end;
        }
        ASSERT_EQ(at, length);
      }
    }
  }
}

TEST(Tiling, KnowsHowFarATapSees) {
  VggConfig config;  // the usual numbers of convolutions
  config.widths = {{1, 1}, {1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}, {1}};
  const auto vgg = make_vgg(config);
  EXPECT_EQ(field_of(*vgg, "relu1_1").reach, 1);
  EXPECT_EQ(field_of(*vgg, "relu2_2").step, 2);
  EXPECT_EQ(field_of(*vgg, "relu2_2").reach, 2 + 4);
  EXPECT_EQ(field_of(*vgg, "relu5_1").step, 16);
  EXPECT_EQ(field_of(*vgg, "relu5_1").reach, 70);
}

TEST(Tiling, RefusesNetworksThatSeeThePictureAsAWhole) {
  Graph graph;
  graph.name_tap("normalised", graph.add("norm", make_instance_norm(), {0}));
  EXPECT_THROW(field_of(graph, "normalised"), Error);
}

// Every feature, and every pixel's gradient, as from the whole picture.
TEST(TiledPlan, EqualsThePlanOfTheWhole) {
  const auto backend = make_reference_backend();
  for (const PadMode border : {PadMode::zero, PadMode::reflect}) {
    const auto graph = with_parameters(make_vgg(tiny_vgg(border, PoolKind::max)), 1, DType::f64);
    for (const Shape& shape : {Shape{1, 131, 95, 3}, Shape{1, 7, 130, 3}, Shape{1, 112, 3, 3}}) {
      const Tensor picture = random_picture(shape, DType::f64, 2);
      const std::vector<std::string> taps = {"relu1_1", "relu2_1", "relu3_1"};
      const PlanOptions options{DType::f64, taps, true, false, false};
      const auto expected_gradient = [](int64_t y, int64_t x, int64_t c) {
        return static_cast<double>((y * 5 + x * 3 + c) % 7) - 3;
      };
      const auto differentiate = [&](TiledPlan& plan, const Tensor& gradient, auto&& check) {
        bool first = true;
        for (const Tile& tile : plan.tiles()) {
          plan.forward(picture, tile);
          check(tile);
          plan.backward(
              tile,
              [&](const std::string& tap, const Tensor& f, const Tensor& df, bool accumulate) {
                const auto [y0, x0] = plan.place_of(tap, tile);
                for (int64_t i = 0; i < f.size(); ++i) {
                  const int64_t c = i % f.shape().c(), at = i / f.shape().c();
                  const double g =
                      expected_gradient(y0 + at / f.shape().w(), x0 + at % f.shape().w(), c) +
                      f.at(i);
                  double& to = df.data<double>()[i];
                  to = accumulate ? to + g : g;
                }
              },
              gradient, !first);
          first = false;
        }
      };
      TiledPlan whole(graph, *backend, shape, options);
      const Tensor wanted(shape, DType::f64), found(shape, DType::f64);
      std::map<std::string, Tensor> features;
      differentiate(whole, wanted, [&](const Tile& tile) {
        for (const std::string& tap : taps) features[tap] = whole.tap(tap, tile).clone();
      });
      TiledPlan tiled(graph, *backend, shape, options, {80, 80});
      ASSERT_GT(tiled.tiles().size(), 1u) << shape.str();
      std::map<std::string, int64_t> positions;
      differentiate(tiled, found, [&](const Tile& tile) {
        for (const std::string& tap : taps) {
          const Tensor part = tiled.tap(tap, tile);
          const auto [y0, x0] = tiled.place_of(tap, tile);
          positions[tap] += part.shape().pixels();
          const Shape &p = part.shape(), &w = features[tap].shape();
          for (int64_t i = 0; i < part.size(); ++i) {
            const int64_t c = i % p.c(), y = i / p.c() / p.w(), x = i / p.c() % p.w();
            ASSERT_EQ(part.at(i), features[tap].at(((y0 + y) * w.w() + x0 + x) * w.c() + c));
          }
        }
      });
      for (const std::string& tap : taps) EXPECT_EQ(positions[tap], features[tap].shape().pixels());
      for (int64_t i = 0; i < found.size(); ++i) {
        ASSERT_NEAR(found.at(i), wanted.at(i), 1e-10) << shape.str() << ", element " << i;
      }
    }
  }
}

}  // namespace
}  // namespace impasto::test
