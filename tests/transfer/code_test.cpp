#include "transfer/code.h"

#include <gtest/gtest.h>

#include <cmath>

#include "formats/expect_error.h"
#include "losses/helpers.h"

namespace impasto::test {
namespace {

PictureStatistics picture(uint64_t seed) {
  const auto backend = make_reference_backend();
  const double size = 1 + 0.2 * static_cast<double>(seed % 5);
  PictureStatistics result;
  for (const int c : {2, 3}) {
    Tensor f = random_features({1, 5, 6, c}, seed);
    for (int64_t i = 0; i < f.size(); ++i) f.data<double>()[i] *= size;
    result.push_back(feature_statistics(*backend, f));
  }
  return result;
}

std::vector<PictureStatistics> pictures() {
  std::vector<PictureStatistics> all;
  for (uint64_t seed = 0; seed < 30; ++seed) all.push_back(picture(seed));
  return all;
}

TEST(StyleCode, IsNormalisedOverThePicturesItWasMadeFrom) {
  const StyleCode code(pictures());
  const int64_t length = StyleCode::length(picture(0));
  EXPECT_EQ(length, 2 * (2 + 3) + 1);
  const Tensor t({1, 1, 1, length});
  std::vector<double> sum(static_cast<size_t>(length)), square(sum);
  for (const PictureStatistics& p : pictures()) {
    code.write(p, 0.5, t);
    for (int64_t i = 0; i < length; ++i) {
      sum[static_cast<size_t>(i)] += t.at(i) / 30;
      square[static_cast<size_t>(i)] += t.at(i) * t.at(i) / 30;
    }
  }
  for (size_t i = 0; i + 1 < sum.size(); ++i) {
    EXPECT_NEAR(sum[i], 0, 1e-4);
    EXPECT_NEAR(square[i], 1, 0.05);
  }
  EXPECT_EQ(sum.back(), 0);  // boldness, the middle
}

TEST(StyleCode, SaysHowBoldAndFillsUpWithZeros) {
  const StyleCode code(pictures());
  const Tensor t = Tensor::full({1, 1, 1, 16}, 7, DType::bf16);
  code.write(picture(3), 1, t);
  EXPECT_EQ(t.at(10), 1);
  for (int64_t i = 11; i < 16; ++i) EXPECT_EQ(t.at(i), 0);
  code.write(picture(3), 0, t);
  EXPECT_EQ(t.at(10), -1);
}

TEST(StyleCode, StaysBoundedForPicturesUnlikeAllOthers) {
  const StyleCode code(pictures());
  PictureStatistics wild = picture(1);
  wild[0].mean[0] = 1e6;
  wild[1].covariance[0] = -1e-9;  // rounding
  const Tensor t({1, 1, 1, 11});
  code.write(wild, 0, t);
  EXPECT_TRUE(all_finite(t));
  EXPECT_LE(largest(t), 3);
}

TEST(StyleCode, ComesBackFromItsTensors) {
  const StyleCode code(pictures()), again(code.tensors(), "file");
  const Tensor a({1, 1, 1, 11}), b({1, 1, 1, 11});
  code.write(picture(2), 0.25, a);
  again.write(picture(2), 0.25, b);
  for (int64_t i = 0; i < 11; ++i) EXPECT_EQ(a.at(i), b.at(i));
  NamedTensors damaged = code.tensors();
  damaged.erase("code.deviation");
  expect_error(ErrorCode::input, "file: expected the tensors code.mean",
               [&] { StyleCode(damaged, "file"); });
}

TEST(StyleCode, RefusesStatisticsOfAnotherEncoder) {
  const StyleCode code(pictures());
  PictureStatistics other = picture(0);
  other.pop_back();
  const Tensor t({1, 1, 1, 16});
  expect_error(ErrorCode::input, "for styles of 10 numbers", [&] { code.write(other, 0, t); });
}

}  // namespace
}  // namespace impasto::test
