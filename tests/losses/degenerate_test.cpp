// Inputs on which the formulas divide by zero: values and gradients stay finite.

#include "impasto/error.h"
#include "losses/helpers.h"

namespace impasto::test {
namespace {

struct Input {
  std::string name;
  Tensor features;
};

std::vector<Input> inputs(DType type) {
  const Shape shape{1, 3, 4, 5};
  Tensor one_flat = random_features(shape, 1), rank_one(shape, DType::f64);
  for (int64_t i = 0; i < one_flat.size(); ++i) {
    if (i % 5 == 2) one_flat.data<double>()[i] = 0.7;
    rank_one.data<double>()[i] = static_cast<double>((i / 5) * (i % 5 + 1)) / 10;
  }
  Tensor small = random_features(shape, 2);
  for (int64_t i = 0; i < small.size(); ++i) small.data<double>()[i] *= 1e-6;
  return {{"zeros", Tensor::zeros(shape, type)},
          {"constant", Tensor::full(shape, 0.3, type)},
          {"one flat channel", one_flat.to(type)},
          {"covariance of rank 1", rank_one.to(type)},
          {"tiny", small.to(type)},
          {"one position", random_features({1, 1, 1, 5}, 3, type)},
          {"one zero position", Tensor::zeros({1, 1, 1, 5}, type)},
          {"one channel", random_features({1, 3, 4, 1}, 4, type)},
          {"two positions", random_features({1, 1, 2, 5}, 5, type)}};
}

void expect_finite(Backend& backend, FeatureLoss& loss, const Tensor& x, const std::string& what) {
  const Tensor gradient = Tensor::full(x.shape(), NAN, x.dtype());
  const double value = loss.evaluate(backend, x, 1, &gradient, false);
  EXPECT_TRUE(std::isfinite(value)) << what;
  // w2's ridge of a millionth adds a thousandth to the root of each direction without variance.
  EXPECT_GE(value, -1e-2) << what;
  EXPECT_TRUE(all_finite(gradient)) << what;
}

TEST(Degenerate, StyleLossesStayFinite) {
  const auto backend = make_reference_backend();
  for (const DType type : {DType::f64, DType::f32, DType::bf16}) {
    const auto all = inputs(type);
    for (const StyleKind kind : {StyleKind::gram, StyleKind::moments, StyleKind::w2}) {
      for (const Input& painting : all) {
        const auto loss = style_loss(kind, *backend, {painting.features});
        for (const Input& x : all) {
          if (x.features.shape().c() != painting.features.shape().c()) continue;
          expect_finite(*backend, *loss, x.features,
                        painting.name + " <- " + x.name + " " + name_of(type));
        }
      }
    }
  }
}

TEST(Degenerate, ContentLossesStayFinite) {
  const auto backend = make_reference_backend();
  for (const DType type : {DType::f64, DType::f32, DType::bf16}) {
    const auto all = inputs(type);
    for (const ContentKind kind : {ContentKind::plain, ContentKind::normalised}) {
      for (const Input& photo : all) {
        const auto loss = make_content_loss(kind, *backend, photo.features);
        for (const Input& x : all) {
          if (x.features.shape() != photo.features.shape()) continue;
          expect_finite(*backend, *loss, x.features, photo.name + " <- " + x.name);
        }
      }
    }
  }
}

TEST(Degenerate, NothingToCompareHasNoContentGradient) {
  const auto backend = make_reference_backend();
  for (const Shape shape : {Shape{1, 1, 1, 4}, Shape{1, 3, 3, 4}}) {
    const Tensor flat = Tensor::full(shape, 0.5), gradient = Tensor::full(shape, NAN);
    const auto loss = make_content_loss(ContentKind::normalised, *backend, flat);
    EXPECT_EQ(loss->evaluate(*backend, flat, 1, &gradient, false), 0);
    EXPECT_EQ(largest(gradient), 0);
  }
}

// The optimiser takes such steps back; it has to see them.
TEST(Degenerate, NotANumberIsNotHidden) {
  const auto backend = make_reference_backend();
  const Tensor good = random_features({1, 3, 4, 5}, 1, DType::f32), bad = good.clone();
  bad.data<float>()[7] = NAN;
  const Tensor gradient(good.shape());
  for (const ContentKind kind : {ContentKind::plain, ContentKind::normalised}) {
    const auto loss = make_content_loss(kind, *backend, good);
    EXPECT_TRUE(std::isnan(loss->evaluate(*backend, bad, 1, &gradient, false)));
  }
  for (const StyleKind kind : {StyleKind::gram, StyleKind::moments, StyleKind::w2}) {
    const auto loss = style_loss(kind, *backend, {good});
    EXPECT_TRUE(std::isnan(loss->evaluate(*backend, bad, 1, &gradient, false)));
  }
}

TEST(Degenerate, TotalVariationOfNarrowPictures) {
  for (const auto kind : {TotalVariationKind::squared, TotalVariationKind::absolute}) {
    const auto loss = make_total_variation_loss(kind);
    for (const Shape shape : {Shape{1, 1, 1, 3}, Shape{1, 1, 4, 3}, Shape{1, 4, 1, 3}}) {
      const Tensor image = random_features(shape, 6, DType::f32), gradient = Tensor::zeros(shape);
      const double value = loss->evaluate(image, 1, &gradient);
      EXPECT_TRUE(std::isfinite(value));
      EXPECT_TRUE(all_finite(gradient));
      EXPECT_EQ(value > 0, image.size() > 3);
      EXPECT_EQ(largest(gradient) > 0, image.size() > 3);
    }
  }
}

TEST(StyleWeights, AreNormalisedAndChecked) {
  const auto backend = make_reference_backend();
  const Tensor a = random_features({1, 3, 4, 5}, 1), b = random_features({1, 3, 4, 5}, 2);
  const auto value = [&](std::vector<double> weights) {
    return style_loss(StyleKind::w2, *backend, {a, b}, weights)
        ->evaluate(*backend, random_features({1, 3, 4, 5}, 3), 1, nullptr, false);
  };
  // Sums are in an order that depends on where the matrices lie.
  EXPECT_NEAR(value({1, 3}), value({0.5, 1.5}), 1e-12);
  EXPECT_NEAR(value({0, 3}), value({0, 1}), 1e-12);
  EXPECT_THROW(value({0, 0}), Error);
  EXPECT_THROW(value({-1, 2}), Error);
  EXPECT_THROW(value({NAN, 2}), Error);
  EXPECT_THROW(make_style_loss(StyleKind::gram, {}), Error);
}

}  // namespace
}  // namespace impasto::test
