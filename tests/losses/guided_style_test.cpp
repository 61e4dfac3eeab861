// Style losses of a part of a picture.

#include "losses/guided_style.h"

#include "impasto/error.h"
#include "losses/helpers.h"
#include "losses/style.h"

namespace impasto::test {
namespace {

const Shape guided_shape{1, 4, 5, 5};

// A third of the positions fully, some a little, some not at all.
std::vector<float> soft_weights(int64_t count) {
  std::vector<float> weights;
  for (int64_t i = 0; i < count; ++i) {
    weights.push_back(i % 3 == 0 ? 1.0f : i % 3 == 1 ? 0.3f : 0.0f);
  }
  return weights;
}

std::vector<StyleTarget> targets(Backend& backend) {
  return {{feature_statistics(backend, random_features({1, 6, 3, 5}, 2)), 1},
          {feature_statistics(backend, random_features({1, 2, 11, 5}, 3)), 2}};
}

constexpr StyleKind kinds[] = {StyleKind::gram, StyleKind::moments, StyleKind::w2};

TEST(Guide, HoldsThePositionsThatCount) {
  const Guide guide = make_guide({0, 1, 0.5f, 0, NAN, 0.25f}, 2, 3);
  EXPECT_EQ(guide.positions, (std::vector<int32_t>{1, 2, 5}));
  EXPECT_EQ(guide.weights, (std::vector<float>{1, 0.5f, 0.25f}));
  EXPECT_EQ(guide.sum, 1.75);
  EXPECT_THROW((void)make_guide({1, 1}, 2, 3), Error);
}

TEST(Guide, IsCutWithItsTensor) {
  const Guide guide = make_guide({0, 1, 0.5f, 0, 0, 0.25f, 0, 1, 1, 0, 0, 0}, 3, 4);
  const Guide part = guide_within(guide, {1, 1, {}}, {1, 2, 2, 7});
  EXPECT_EQ(part.positions, (std::vector<int32_t>{0}));
  EXPECT_EQ(part.weights, (std::vector<float>{0.25f}));
  EXPECT_EQ(part.sum, 0.25);
  const Guide whole = guide_within(guide, {}, {1, 3, 4, 7});
  EXPECT_EQ(whole.positions, guide.positions);
  EXPECT_EQ(whole.weights, guide.weights);
  EXPECT_TRUE(guide_within(guide, {2, 1, {}}, {1, 1, 3, 7}).positions.empty());
}

// Where everything counts alike the guide says nothing.
TEST(GuidedStyle, OfAWholePictureIsTheStyleLoss) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(guided_shape, 4);
  for (const StyleKind kind : kinds) {
    const auto plain = make_style_loss(kind, targets(*backend));
    const auto guided =
        make_guided_style_loss(kind, targets(*backend), make_guide(std::vector(20, 1.0f), 4, 5));
    const Tensor expected(guided_shape, DType::f64), found(guided_shape, DType::f64);
    const double value = plain->evaluate(*backend, x, 1, &expected, false);
    EXPECT_NEAR(guided->evaluate(*backend, x, 1, &found, false), value, 1e-12 * value);
    expect_close(found, expected, 1e-10, "gradient");
  }
}

// What counts fully stands for what does not count at all not being there.
TEST(GuidedStyle, OfAHardPartIsTheStyleLossOfThatPart) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(guided_shape, 4);
  std::vector<float> top(20, 0.0f);
  std::fill_n(top.begin(), 10, 1.0f);  // two of four rows
  for (const StyleKind kind : kinds) {
    const auto plain = make_style_loss(kind, targets(*backend));
    const auto guided = make_guided_style_loss(kind, targets(*backend), make_guide(top, 4, 5));
    const Shape half{1, 2, 5, 5};
    const Tensor expected(half, DType::f64), found(guided_shape, DType::f64);
    const double value = plain->evaluate(*backend, x.slice(0, half), 1, &expected, false);
    EXPECT_NEAR(guided->evaluate(*backend, x, 1, &found, false), value, 1e-12 * value);
    expect_close(found.slice(0, half), expected, 1e-10, "gradient");
    EXPECT_EQ(largest(found.slice(50, half)), 0) << "what is off the part is left alone";
  }
}

TEST(GuidedStyle, GradientMatchesFiniteDifferences) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(guided_shape, 4);
  for (const StyleKind kind : {StyleKind::gram, StyleKind::w2}) {  // moments holds a deviation
    const auto loss =
        make_guided_style_loss(kind, targets(*backend), make_guide(soft_weights(20), 4, 5));
    const Tensor gradient(guided_shape, DType::f64);
    loss->evaluate(*backend, x, 1, &gradient, false);
    const Tensor numeric = numeric_gradient(
        [&](const Tensor& at) { return loss->evaluate(*backend, at, 1, nullptr, false); }, x);
    // The ridge in w2 is held constant: 1e-6 of the mean eigenvalue.
    expect_close(gradient, numeric, kind == StyleKind::w2 ? 1e-4 : 1e-7, "gradient");
  }
}

TEST(GuidedStyle, IsWeightedAndAccumulatedOnRequest) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(guided_shape, 4);
  const Tensor plain(guided_shape, DType::f64), sum = Tensor::full(guided_shape, 0.25, DType::f64);
  const auto loss =
      make_guided_style_loss(StyleKind::w2, targets(*backend), make_guide(soft_weights(20), 4, 5));
  const double value = loss->evaluate(*backend, x, 1, &plain, false);
  EXPECT_EQ(loss->evaluate(*backend, x, 3, &sum, true), value);
  for (int64_t i = 0; i < x.size(); ++i) ASSERT_NEAR(sum.at(i), 0.25 + 3 * plain.at(i), 1e-12);
}

TEST(GuidedStyle, OfNothingIsNothing) {
  const auto backend = make_reference_backend();
  const auto loss = make_guided_style_loss(StyleKind::w2, targets(*backend),
                                           make_guide(std::vector(20, 0.0f), 4, 5));
  const Tensor x = random_features(guided_shape, 4),
               gradient = Tensor::full(guided_shape, 7, DType::f64);
  EXPECT_EQ(loss->evaluate(*backend, x, 1, &gradient, true), 0);
  EXPECT_EQ(gradient.at(3), 7);
  loss->evaluate(*backend, x, 1, &gradient, false);
  EXPECT_EQ(largest(gradient), 0);
  EXPECT_THROW((void)guided_statistics(*backend, x, make_guide(std::vector(20, 0.0f), 4, 5)),
               Error);
}

// More positions than are gathered at a time, in single precision.
TEST(GuidedStyle, OfALargePictureAgreesWithDouble) {
  const auto cpu = make_cpu_backend(), reference = make_reference_backend();
  const Shape large{1, 700, 420, 8};
  const Tensor x = random_features(large, 4);
  const Guide guide = make_guide(soft_weights(large.pixels()), 700, 420);
  const FeatureStatistics found = guided_statistics(*cpu, x.to(DType::f32), guide);
  const FeatureStatistics expected = guided_statistics(*reference, x, guide);
  for (size_t i = 0; i < expected.mean.size(); ++i) {
    EXPECT_NEAR(found.mean[i], expected.mean[i], 1e-5);
  }
  for (size_t i = 0; i < expected.covariance.size(); ++i) {
    EXPECT_NEAR(found.covariance[i], expected.covariance[i], 1e-5);
  }
}

// Without weights: each counts wholly.
Guide rows_of(int64_t from, int64_t count) {
  Guide guide;
  guide.height = 4, guide.width = 5;
  for (int64_t i = 5 * from; i < 5 * (from + count); ++i) {
    guide.positions.push_back(static_cast<int32_t>(i));
  }
  guide.sum = static_cast<double>(guide.positions.size());
  return guide;
}

TEST(Guide, WithoutWeightsIsOneOfOnes) {
  std::vector<float> ones(20, 0.0f);
  std::fill_n(ones.begin() + 5, 10, 1.0f);
  for (const DType type : {DType::f64, DType::f32}) {
    const auto backend = type == DType::f64 ? make_reference_backend() : make_cpu_backend();
    const Tensor x = random_features(guided_shape, 4).to(type);
    const FeatureStatistics expected = guided_statistics(*backend, x, make_guide(ones, 4, 5));
    const FeatureStatistics found = guided_statistics(*backend, x, rows_of(1, 2));
    for (size_t i = 0; i < 25; ++i) {
      EXPECT_NEAR(found.covariance[i], expected.covariance[i], 1e-6);
    }
    EXPECT_EQ(found.positions, expected.positions);
    const Guide cut = guide_within(rows_of(1, 2), {2, 1, {}}, {1, 2, 3, 5});
    EXPECT_EQ(cut.positions, (std::vector<int32_t>{0, 1, 2}));
    EXPECT_TRUE(cut.weights.empty());
    EXPECT_EQ(cut.sum, 3);
  }
}

std::vector<StylePart> two_parts(Backend& backend) {
  return {{targets(backend), 0.4, rows_of(0, 2)},
          {{{feature_statistics(backend, random_features({1, 6, 3, 5}, 8)), 1, 2.5}},
           0.8,
           rows_of(2, 2)}};
}

// It is the sum of the losses that it stands for.
TEST(PartedStyle, IsTheLossOfAllAndThoseOfParts) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(guided_shape, 4);
  for (const StyleKind kind : kinds) {
    Tensor expected(guided_shape, DType::f64), found(guided_shape, DType::f64);
    double value = 0;
    value +=
        0.3 *
        make_style_loss(kind, targets(*backend))->evaluate(*backend, x, 2 * 0.3, &expected, false);
    for (StylePart& part : two_parts(*backend)) {
      const double weight = part.weight;
      const auto loss = make_guided_style_loss(kind, part.targets, part.guide);
      value += weight * loss->evaluate(*backend, x, 2 * weight, &expected, true);
    }
    const auto parted = make_parted_style_loss(kind, targets(*backend), 0.3, two_parts(*backend));
    EXPECT_NEAR(parted->evaluate(*backend, x, 2, &found, false), value, 1e-9 * value);
    expect_close(found, expected, 1e-9, "gradient");
  }
}

TEST(PartedStyle, GradientMatchesFiniteDifferences) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(guided_shape, 4);
  const auto loss =
      make_parted_style_loss(StyleKind::w2, targets(*backend), 0.3, two_parts(*backend));
  const Tensor gradient(guided_shape, DType::f64);
  loss->evaluate(*backend, x, 1, &gradient, false);
  const Tensor numeric = numeric_gradient(
      [&](const Tensor& at) { return loss->evaluate(*backend, at, 1, nullptr, false); }, x);
  expect_close(gradient, numeric, 1e-4, "gradient");
}

// A part that the painting lacks counts among all; a picture comes in windows, too.
TEST(PartedStyle, OfPartsWithoutTargetsAndOfWindows) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(guided_shape, 4);
  std::vector<StylePart> parts = two_parts(*backend);
  parts[0].targets.clear();
  const auto loss = make_parted_style_loss(StyleKind::w2, targets(*backend), 0.3, parts);
  const Tensor whole(guided_shape, DType::f64);
  const double value = loss->evaluate(*backend, x, 1, &whole, false);
  EXPECT_NEAR(value,
              0.3 * make_style_loss(StyleKind::w2, targets(*backend))
                          ->evaluate(*backend, x, 1, nullptr, false) +
                  0.8 * make_guided_style_loss(StyleKind::w2, parts[1].targets, parts[1].guide)
                            ->evaluate(*backend, x, 1, nullptr, false),
              1e-9 * value);
  const Shape half{1, 2, 5, 5};
  loss->begin();
  for (int64_t i = 0; i < 2; ++i) loss->observe(*backend, x.slice(50 * i, half), {2 * i, 0, {}});
  EXPECT_NEAR(loss->value(true), value, 1e-9 * value);
  for (int64_t i = 0; i < 2; ++i) {
    const Tensor part(half, DType::f64);
    loss->gradient(*backend, x.slice(50 * i, half), {2 * i, 0, {}}, 1, part, false);
    expect_close(part, whole.slice(50 * i, half), 1e-9, "gradient");
  }
}

}  // namespace
}  // namespace impasto::test
