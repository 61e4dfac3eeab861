// Gradients against central differences in double, and what `weight` and `accumulate` mean.

#include "losses/helpers.h"

namespace impasto::test {
namespace {

const Shape small_shape{1, 4, 5, 5};

std::vector<std::pair<std::string, std::unique_ptr<FeatureLoss>>> feature_losses(Backend& b,
                                                                                 DType type) {
  const Tensor photo = random_features(small_shape, 1, type);
  const Tensor one = random_features({1, 6, 3, 5}, 2, type);
  const Tensor two = random_features({1, 2, 11, 5}, 3, type);
  std::vector<std::pair<std::string, std::unique_ptr<FeatureLoss>>> losses;
  losses.emplace_back("content plain", make_content_loss(ContentKind::plain, b, photo));
  losses.emplace_back("content normalised", make_content_loss(ContentKind::normalised, b, photo));
  losses.emplace_back("gram", style_loss(StyleKind::gram, b, {one, two}, {1, 2}));
  losses.emplace_back("moments", style_loss(StyleKind::moments, b, {one, two}, {1, 2}));
  losses.emplace_back("w2", style_loss(StyleKind::w2, b, {one, two}, {1, 2}));
  return losses;
}

TEST(FeatureLossGradient, MatchesFiniteDifferences) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(small_shape, 4);
  for (const auto& [name, loss] : feature_losses(*backend, DType::f64)) {
    const Tensor gradient(small_shape, DType::f64);
    loss->evaluate(*backend, x, 1, &gradient, false);
    Tensor numeric = numeric_gradient(
        [&](const Tensor& at) { return loss->evaluate(*backend, at, 1, nullptr, false); }, x);
    // `moments` holds the tap's deviation constant: its differences are tested with it, below.
    if (name == "moments") continue;
    // Truncation of the differences is of the order step^2 = 1e-10. The ridge in w2 is held
    // constant: 1e-6 of the mean eigenvalue.
    expect_close(gradient, numeric, name == "w2" ? 1e-4 : 1e-7, name);
  }
}

// Shifts of all the features by one constant keep the deviation, and so do permutations: along
// such directions the derivative of `moments` is complete.
TEST(FeatureLossGradient, OfMomentsMatchesAlongEqualDeviation) {
  const auto backend = make_reference_backend();
  const Tensor painting = random_features({1, 6, 3, 5}, 2);
  const auto loss = style_loss(StyleKind::moments, *backend, {painting});
  const Tensor x = random_features(small_shape, 4), gradient(small_shape, DType::f64);
  loss->evaluate(*backend, x, 1, &gradient, false);
  // A direction without a component along x - mean and along 1, within one random draw.
  Random random(5);
  std::vector<double> centred(static_cast<size_t>(x.size())), direction(centred);
  double mean = 0, along = 0, square = 0, sum = 0;
  for (int64_t i = 0; i < x.size(); ++i) mean += x.at(i) / static_cast<double>(x.size());
  for (size_t i = 0; i < centred.size(); ++i) {
    centred[i] = x.at(static_cast<int64_t>(i)) - mean;
    direction[i] = random.normal();
    sum += direction[i] / static_cast<double>(x.size());
  }
  for (size_t i = 0; i < centred.size(); ++i) {
    direction[i] -= sum;
    along += direction[i] * centred[i];
    square += centred[i] * centred[i];
  }
  double analytic = 0;
  Tensor ahead(small_shape, DType::f64), behind(small_shape, DType::f64);
  const double step = 1e-6;
  for (size_t i = 0; i < centred.size(); ++i) {
    const auto k = static_cast<int64_t>(i);
    direction[i] -= along / square * centred[i];
    analytic += direction[i] * gradient.at(k);
    ahead.data<double>()[i] = x.at(k) + step * direction[i];
    behind.data<double>()[i] = x.at(k) - step * direction[i];
  }
  const double numeric = (loss->evaluate(*backend, ahead, 1, nullptr, false) -
                          loss->evaluate(*backend, behind, 1, nullptr, false)) /
                         (2 * step);
  EXPECT_NEAR(analytic / numeric, 1, 1e-6);
}

TEST(FeatureLossGradient, IsWeightedAndAccumulatedOnRequest) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(small_shape, 4);
  for (const auto& [name, loss] : feature_losses(*backend, DType::f64)) {
    const Tensor plain(small_shape, DType::f64), sum = Tensor::full(small_shape, 0.25, DType::f64);
    const double value = loss->evaluate(*backend, x, 1, &plain, false);
    EXPECT_EQ(loss->evaluate(*backend, x, 3, &sum, true), value) << name << ": unweighted value";
    EXPECT_EQ(loss->evaluate(*backend, x, 3, nullptr, true), value) << name;
    for (int64_t i = 0; i < x.size(); ++i) {
      ASSERT_NEAR(sum.at(i), 0.25 + 3 * plain.at(i), 1e-12) << name;
    }
  }
}

// bf16 features: the statistics are exact sums of rounded features, the gradient rounds to 8 bits.
TEST(FeatureLossGradient, OfBfloat16IsTheRoundedOne) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(small_shape, 4, DType::bf16);
  const auto narrow = feature_losses(*backend, DType::bf16);
  const auto wide = feature_losses(*backend, DType::f64);
  for (size_t i = 0; i < narrow.size(); ++i) {
    const Tensor found(small_shape, DType::bf16), expected(small_shape, DType::f64);
    const double a = narrow[i].second->evaluate(*backend, x, 1, &found, false);
    const double b = wide[i].second->evaluate(*backend, x.to(DType::f64), 1, &expected, false);
    // The targets are rounded to bf16 in one and not in the other.
    EXPECT_NEAR(a / b, 1, 1e-2) << narrow[i].first;
    expect_close(found, expected, 2e-2, narrow[i].first);
  }
}

// What a stylization computes, against the same in double: 48 x 40 positions, 32 channels with
// means as large as their deviations.
TEST(FeatureLossGradient, OfSinglePrecisionAgreesWithDouble) {
  const auto cpu = make_cpu_backend(), reference = make_reference_backend();
  const Shape large{1, 48, 40, 32};
  const Tensor x = random_features(large, 4), photo = random_features(large, 1),
               painting = random_features({1, 36, 50, 32}, 2);
  const auto compare = [&](FeatureLoss& single, FeatureLoss& full, const char* what) {
    const Tensor found(large), expected(large, DType::f64);
    const double a = single.evaluate(*cpu, x.to(DType::f32), 1, &found, false);
    const double b = full.evaluate(*reference, x, 1, &expected, false);
    EXPECT_NEAR(a / b, 1, 1e-5) << what;
    expect_close(found, expected, 1e-4, what);
  };
  for (const ContentKind kind : {ContentKind::plain, ContentKind::normalised}) {
    compare(*make_content_loss(kind, *cpu, photo.to(DType::f32)),
            *make_content_loss(kind, *reference, photo), "content");
  }
  for (const StyleKind kind : {StyleKind::gram, StyleKind::moments, StyleKind::w2}) {
    compare(*style_loss(kind, *cpu, {painting.to(DType::f32)}),
            *style_loss(kind, *reference, {painting}), "style");
  }
}

TEST(FeatureLoss, IsZeroAtItsTarget) {
  const auto backend = make_reference_backend();
  for (const DType type : {DType::f64, DType::f32, DType::bf16}) {
    const Tensor x = random_features(small_shape, 4, type);
    const auto plain = make_content_loss(ContentKind::plain, *backend, x);
    EXPECT_EQ(plain->evaluate(*backend, x, 1, nullptr, false), 0);
    const auto normalised = make_content_loss(ContentKind::normalised, *backend, x);
    // The normalised target is rounded to the features' type.
    EXPECT_NEAR(normalised->evaluate(*backend, x, 1, nullptr, false), 0,
                type == DType::bf16 ? 1e-5 : 1e-12);
    for (const StyleKind kind : {StyleKind::gram, StyleKind::moments, StyleKind::w2}) {
      // w2 adds a ridge of a millionth to one side.
      EXPECT_NEAR(style_loss(kind, *backend, {x})->evaluate(*backend, x, 1, nullptr, false), 0,
                  kind == StyleKind::w2 ? 2e-5 : 1e-12);
    }
  }
}

TEST(FeatureLoss, KeepsItsOwnTarget) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(small_shape, 4);
  const auto loss = make_content_loss(ContentKind::plain, *backend, x);
  const Tensor copy = x.clone();
  x.fill(7);
  EXPECT_EQ(loss->evaluate(*backend, copy, 1, nullptr, false), 0);
}

TEST(ContentLoss, NormalisedIgnoresContrastAndBrightness) {
  const auto backend = make_reference_backend();
  const Tensor x = random_features(small_shape, 4), y = x.clone();
  for (int64_t i = 0; i < x.size(); ++i) y.data<double>()[i] = 3 * x.at(i) + 5;
  const auto loss = make_content_loss(ContentKind::normalised, *backend, x);
  EXPECT_NEAR(loss->evaluate(*backend, y, 1, nullptr, false), 0, 1e-6);
}

// Rows of an f64 picture as the Laplacian loss reads a photograph.
std::function<void(int64_t, float*)> rows_of(const Tensor& image) {
  return [&image](int64_t y, float* rgb) {
    const int64_t n = 3 * image.shape().w();
    for (int64_t i = 0; i < n; ++i) rgb[i] = static_cast<float>(image.data<double>()[y * n + i]);
  };
}

TEST(PixelLossGradients, MatchFiniteDifferences) {
  const Tensor image = random_features({1, 6, 5, 3}, 8);
  Random random(9);
  for (int64_t i = 0; i < image.size(); ++i) image.data<double>()[i] += random.uniform();
  std::vector<std::unique_ptr<ImageLoss>> losses;
  for (const bool joined : {false, true}) {
    losses.push_back(make_total_variation_loss(TotalVariationKind::squared, joined));
    losses.push_back(make_total_variation_loss(TotalVariationKind::absolute, joined));
    losses.push_back(make_chroma_variation_loss(joined));
  }
  const Tensor photo = random_features({1, 6, 5, 3}, 4);
  losses.push_back(make_laplacian_loss(6, 5, 1, rows_of(photo)));
  losses.push_back(make_laplacian_loss(6, 5, 2, rows_of(photo)));  // a column is left over
  for (const auto& loss : losses) {
    const Tensor gradient = Tensor::zeros(image.shape(), DType::f64);
    loss->evaluate(image, 1, &gradient);
    const Tensor numeric =
        numeric_gradient([&](const Tensor& at) { return loss->evaluate(at, 1, nullptr); }, image);
    expect_close(gradient, numeric, 1e-7, "pixels");
    // Accumulates, weighted.
    loss->evaluate(image, 2, &gradient);
    for (int64_t i = 0; i < image.size(); ++i) {
      ASSERT_NEAR(gradient.at(i), 3 * numeric.at(i), 3e-7 * largest(numeric));
    }
  }
}

TEST(LaplacianLoss, SeesEdgesOfLightnessOnly) {
  const Tensor photo = random_features({1, 8, 12, 3}, 4);
  const auto loss = make_laplacian_loss(8, 12, 2, rows_of(photo));
  const auto after = [&](const std::function<double(int64_t, double)>& change) {
    Tensor image = photo.clone();
    for (int64_t i = 0; i < image.size(); ++i) {
      image.data<double>()[i] = change(i, image.data<double>()[i]);
    }
    return loss->evaluate(image, 1, nullptr);
  };
  EXPECT_NEAR(after([](int64_t, double v) { return v; }), 0, 1e-10);
  EXPECT_NEAR(after([](int64_t, double v) { return v + 0.3; }), 0, 1e-10) << "lighter";
  EXPECT_NEAR(after([](int64_t, double) { return 0.5; }), 1, 1e-6) << "nothing left";
  EXPECT_NEAR(after([](int64_t, double v) { return -v; }), 4, 1e-6) << "upside down";
  // Of other colours, as light: red down by as much lightness as blue goes up.
  EXPECT_NEAR(after([](int64_t i, double v) {
                return v + (i % 3 == 0 ? -0.1 / 0.2126 : i % 3 == 2 ? 0.1 / 0.0722 : 0);
              }),
              0, 1e-10);
  // Within a block.
  EXPECT_NEAR(after([](int64_t i, double v) { return v + (i / 3 % 2 ? 0.2 : -0.2); }), 0, 1e-10);
}

TEST(LaplacianLoss, TakesPicturesWithoutEdges) {
  for (const auto& [h, w] : {std::pair{1, 1}, {1, 9}, {5, 4}}) {
    const Tensor flat =
        tensor({1, h, w, 3}, std::vector<double>(static_cast<size_t>(3 * h * w), 0.5), DType::f64);
    const auto loss = make_laplacian_loss(h, w, 2, rows_of(flat));
    const Tensor gradient = Tensor::zeros(flat.shape(), DType::f64);
    EXPECT_EQ(loss->evaluate(flat, 1, &gradient), 0);
    EXPECT_TRUE(std::isfinite(loss->evaluate(random_features({1, h, w, 3}, 1), 1, &gradient)));
    EXPECT_TRUE(all_finite(gradient));
  }
}

// Of a picture whose opposite borders are neighbours no pixel is the first.
TEST(TotalVariation, OfATileDoesNotChangeWhenItIsRolledAround) {
  const Shape tile{1, 6, 5, 3};
  const Tensor image = random_features(tile, 8), rolled(tile, DType::f64);
  for (int64_t y = 0; y < 6; ++y) {
    for (int64_t i = 0; i < 15; ++i) {
      rolled.data<double>()[y * 15 + i] = image.at((y + 2) % 6 * 15 + (i + 9) % 15);
    }
  }
  for (const bool joined : {false, true}) {
    const std::unique_ptr<ImageLoss> losses[] = {
        make_total_variation_loss(TotalVariationKind::squared, joined),
        make_total_variation_loss(TotalVariationKind::absolute, joined),
        make_chroma_variation_loss(joined)};
    for (const auto& loss : losses) {
      const double one = loss->evaluate(image, 1, nullptr);
      const double other = loss->evaluate(rolled, 1, nullptr);
      EXPECT_EQ(std::abs(one - other) < 1e-9 * one, joined);
    }
  }
}

TEST(ChromaVariation, SeesColourOnly) {
  Tensor grey({1, 4, 5, 3}, DType::f64), image = random_features({1, 4, 5, 3}, 8);
  for (int64_t i = 0; i < grey.size(); ++i)
    grey.data<double>()[i] = 0.1 * static_cast<double>(i / 3);
  const auto chroma = make_chroma_variation_loss();
  EXPECT_NEAR(chroma->evaluate(grey, 1, nullptr), 0, 1e-12);
  const double of_colour = chroma->evaluate(image, 1, nullptr);
  EXPECT_GT(of_colour, 0);
  for (int64_t i = 0; i < grey.size(); ++i) image.data<double>()[i] += grey.at(i);
  EXPECT_NEAR(chroma->evaluate(image, 1, nullptr), of_colour, 1e-12);
}

}  // namespace
}  // namespace impasto::test
