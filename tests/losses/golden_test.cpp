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

struct Engine {
  const char* name;
  std::unique_ptr<Backend> (*make)();
  DType type;
};

class Golden : public testing::TestWithParam<Engine> {
 protected:
  void check(const std::string& name, FeatureLoss& loss) {
    const Tensor gradient = Tensor::full(features_shape, NAN, type_);
    const double value = loss.evaluate(*backend_, features_, 1, &gradient, false);
    expect_golden(name, value, gradient);
  }
  void check(const std::string& name, const ImageLoss& loss) {
    const Tensor gradient = Tensor::zeros(image_shape, type_);
    const double value = loss.evaluate(golden("image", image_shape, type_), 1, &gradient);
    expect_golden(name, value, gradient);
  }
  Tensor content() const { return golden("content", features_shape, type_); }

  DType type_ = GetParam().type;
  std::unique_ptr<Backend> backend_ = GetParam().make();
  Tensor features_ = golden("features", features_shape, type_),
         painting_ = golden("painting", {1, 4, 6, 6}, type_),
         second_ = golden("second", {1, 3, 8, 6}, type_);
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

INSTANTIATE_TEST_SUITE_P(
    Engines, Golden,
    testing::Values(Engine{"reference_f64", make_reference_backend, DType::f64},
                    Engine{"reference_f32", make_reference_backend, DType::f32},
                    Engine{"cpu_f32", make_cpu_backend, DType::f32}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace impasto::test
