// Values and gradients of the recipe in PyTorch (make_goldens.py).

#include <fstream>
#include <nlohmann/json.hpp>

#include "losses/helpers.h"

namespace impasto::test {
namespace {

const nlohmann::json& goldens() {
  static const auto json = nlohmann::json::parse(
      std::ifstream(std::string(IMPASTO_SOURCE_DIR) + "/tests/losses/goldens.json"));
  return json;
}

Tensor golden(const std::string& name, Shape shape, DType type) {
  return tensor(shape, goldens().at(name).get<std::vector<double>>(), type);
}

// The numbers have 14 digits. In f32 the centred covariance is a difference of f32 sums.
double tolerance(DType type) {
  return type == DType::f64 ? 1e-10 : 1e-5;
}

void expect_golden(const std::string& name, double value, const Tensor& gradient) {
  const auto& expected = goldens().at(name);
  const double bound = tolerance(gradient.dtype());
  EXPECT_NEAR(value / expected.at("value").get<double>(), 1, bound) << name;
  expect_close(
      gradient,
      tensor(gradient.shape(), expected.at("gradient").get<std::vector<double>>(), DType::f64),
      bound, name);
}

const Shape features_shape{1, 5, 7, 6}, image_shape{1, 4, 5, 3};

class Golden : public testing::TestWithParam<DType> {
 protected:
  void check(const std::string& name, const FeatureLoss& loss) {
    const Tensor gradient = Tensor::full(features_shape, NAN, GetParam());
    const double value = loss.evaluate(*backend_, features_, 1, &gradient, false);
    expect_golden(name, value, gradient);
  }
  void check(const std::string& name, const ImageLoss& loss) {
    const Tensor gradient = Tensor::zeros(image_shape, GetParam());
    const double value = loss.evaluate(golden("image", image_shape, GetParam()), 1, &gradient);
    expect_golden(name, value, gradient);
  }
  Tensor content() const { return golden("content", features_shape, GetParam()); }

  std::unique_ptr<Backend> backend_ = make_reference_backend();
  Tensor features_ = golden("features", features_shape, GetParam()),
         painting_ = golden("painting", {1, 4, 6, 6}, GetParam()),
         second_ = golden("second", {1, 3, 8, 6}, GetParam());
};

TEST_P(Golden, Wasserstein) {
  check("w2", *style_loss(StyleKind::w2, *backend_, {painting_}));
  check("w2_of_two", *style_loss(StyleKind::w2, *backend_, {painting_, second_}, {2, 6}));
}

TEST_P(Golden, Moments) {
  check("moments", *style_loss(StyleKind::moments, *backend_, {painting_}));
}

TEST_P(Golden, Gram) {
  check("gram", *style_loss(StyleKind::gram, *backend_, {painting_}));
  check("gram_of_two", *style_loss(StyleKind::gram, *backend_, {painting_, second_}, {1, 3}));
}

TEST_P(Golden, Content) {
  check("content_plain", *make_content_loss(ContentKind::plain, *backend_, content()));
  check("content_normalised", *make_content_loss(ContentKind::normalised, *backend_, content()));
}

TEST_P(Golden, TotalVariation) {
  check("tv_squared", *make_total_variation_loss(TotalVariationKind::squared));
  check("tv_absolute", *make_total_variation_loss(TotalVariationKind::absolute));
}

INSTANTIATE_TEST_SUITE_P(Types, Golden, testing::Values(DType::f64, DType::f32),
                         [](const auto& type) { return std::string(name_of(type.param)); });

}  // namespace
}  // namespace impasto::test
