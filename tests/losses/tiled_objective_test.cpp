// An objective that is computed window by window is the objective of the whole picture.

#include "base/parallel.h"
#include "formats/expect_error.h"
#include "losses/guided_style.h"
#include "losses/helpers.h"
#include "losses/objective.h"
#include "nn/networks.h"

namespace impasto::test {
namespace {

struct Case {
  std::string name;
  StyleKind style;
  ContentKind content;
};
const Case cases[] = {{"w2, normalised", StyleKind::w2, ContentKind::normalised},
                      {"moments, plain", StyleKind::moments, ContentKind::plain},
                      {"gram, normalised", StyleKind::gram, ContentKind::normalised}};

const Shape shapes[] = {{1, 131, 95, 3}, {1, 96, 112, 3}, {1, 5, 130, 3}, {1, 30, 20, 3}};

// Softly the upper left of a tap: where the picture is cut, some windows see nothing of it.
Guide corner(const Shape& tap) {
  std::vector<float> weights;
  for (int64_t i = 0; i < tap.pixels(); ++i) {
    const int64_t y = i / tap.w(), x = i % tap.w();
    const bool inside = 2 * y <= tap.h() && 10 * x < 4 * tap.w();
    weights.push_back(!inside ? 0.0f : (x + y) % 3 == 0 ? 0.3f : 1.0f);
  }
  return make_guide(weights, tap.h(), tap.w());
}

// With all kinds of losses; the photograph's features come part by part, or are kept as a whole.
std::unique_ptr<Objective> objective(const GraphPtr& graph, Backend& backend, const Case& c,
                                     const Tensor& photo, const Window& window, bool by_parts) {
  const DType type = photo.dtype();
  const Tensor painting = random_picture({1, 45, 61, 3}, type, 3);
  auto result = std::make_unique<Objective>(graph, backend, photo.shape(), type, window);
  const std::vector<std::string> taps = {"relu1_2", "relu2_1", "relu3_1"};
  Plan look(graph, backend, photo.shape(), {type, taps, false, false, false});
  look.forward(photo);
  for (const char* tap : {"relu1_2", "relu3_1"}) {
    const Tensor features = look.tap(tap);
    result->add("content", tap, 10,
                by_parts ? make_content_loss(c.content, feature_statistics(backend, features))
                         : make_content_loss(c.content, backend, features));
  }
  Plan strokes(graph, backend, painting.shape(), {type, taps, false, false, false});
  strokes.forward(painting);
  for (const std::string& tap : taps) {
    result->add("style", tap, 100, style_loss(c.style, backend, {strokes.tap(tap)}));
  }
  result->add(
      "part", "relu2_1", 50,
      make_guided_style_loss(c.style, {{feature_statistics(backend, strokes.tap("relu2_1")), 1}},
                             corner(look.tap_shape("relu2_1"))));
  result->add("tv", 0.1, make_total_variation_loss(TotalVariationKind::squared));
  result->set_photo([photo](int64_t y, int64_t x, const Tensor& part) {
    const Shape& s = part.shape();
    for (int64_t row = 0; row < s.h(); ++row) {
      part.slice(row * s.w() * 3, {s.w() * 3})
          .copy_from(photo.slice(((y + row) * photo.shape().w() + x) * 3, {s.w() * 3}));
    }
  });
  return result;
}

void compare(Backend& backend, const Shape& shape, DType type, double tolerance) {
  const UseThreads one(1);  // pictures too small for more
  const auto graph = with_parameters(make_vgg(tiny_vgg(PadMode::reflect, PoolKind::max)), 1, type);
  const Tensor photo = random_picture(shape, type, 4), picture = random_picture(shape, type, 5);
  for (const Case& c : cases) {
    if (&c != cases && &shape != shapes) continue;  // one shape with all kinds is enough
    const std::string what = c.name + ", " + shape.str();
    const auto whole = objective(graph, backend, c, photo, {}, false);
    const Tensor expected = Tensor::full(shape, NAN, type), found = expected.clone();
    const double value = whole->evaluate(picture, expected);
    ASSERT_TRUE(all_finite(expected)) << what;
    for (const Window& window : {Window{80, 80}, Window{0, 96}}) {
      const auto tiled = objective(graph, backend, c, photo, window, true);
      EXPECT_NEAR(tiled->evaluate(picture, found) / value, 1, tolerance) << what;
      expect_close(found, expected, 10 * tolerance, what);
      for (size_t i = 0; i < whole->terms().size(); ++i) {
        EXPECT_EQ(tiled->terms()[i].first, whole->terms()[i].first);
        EXPECT_NEAR(tiled->terms()[i].second / whole->terms()[i].second, 1, tolerance) << what;
      }
      // Nothing is left of the last evaluation.
      const double again = tiled->evaluate(picture, found);
      EXPECT_NEAR(again / value, 1, tolerance) << what;
    }
  }
}

TEST(TiledObjective, EqualsTheWholeInDouble) {
  const auto backend = make_reference_backend();
  for (const Shape& shape : shapes) compare(*backend, shape, DType::f64, 1e-11);
}

TEST(TiledObjective, EqualsTheWholeUpToRounding) {
  const auto backend = make_cpu_backend();
  for (const Shape& shape : shapes) compare(*backend, shape, DType::f32, 1e-5);
}

TEST(TiledObjective, NeedsThePhotographWhenALossReadsIt) {
  const auto backend = make_reference_backend();
  const auto graph =
      with_parameters(make_vgg(tiny_vgg(PadMode::zero, PoolKind::average)), 1, DType::f64);
  const Tensor picture = random_picture({1, 20, 20, 3}, DType::f64, 1);
  Objective objective(graph, *backend, picture.shape(), DType::f64);
  FeatureStatistics photo{3, 400, std::vector<double>(3, 1), std::vector<double>(9, 1)};
  objective.add("content", "relu1_2", 1, make_content_loss(ContentKind::plain, photo));
  expect_error(ErrorCode::internal, "a loss reads a photograph that there is not",
               [&] { objective.evaluate(picture, picture.clone()); });
}

TEST(Objective, TakesTheLossesOfAnotherPicture) {
  const auto backend = make_reference_backend();
  const auto graph =
      with_parameters(make_vgg(tiny_vgg(PadMode::zero, PoolKind::average)), 1, DType::f64);
  const Tensor picture = random_picture({1, 20, 20, 3}, DType::f64, 1);
  Plan look(graph, *backend, picture.shape(), {DType::f64, {"relu1_2"}, false, false, false});
  const auto add = [&](Objective& objective, uint64_t seed) {
    look.forward(random_picture(picture.shape(), DType::f64, seed));
    objective.add("content", "relu1_2", 2,
                  make_content_loss(ContentKind::plain, *backend, look.tap("relu1_2")));
  };
  Objective again(graph, *backend, picture.shape(), DType::f64);
  Objective fresh(graph, *backend, picture.shape(), DType::f64);
  const Tensor found(picture.shape(), DType::f64), expected(picture.shape(), DType::f64);
  add(again, 2);
  again.add("tv", 1, make_total_variation_loss(TotalVariationKind::squared));
  again.evaluate(picture, found);
  again.clear();
  add(again, 3);
  add(fresh, 3);
  EXPECT_EQ(again.evaluate(picture, found), fresh.evaluate(picture, expected));
  expect_close(found, expected, 0, "gradient");
  ASSERT_EQ(again.terms().size(), 1U);

  again.clear();
  again.add("content", "relu2_1", 1,
            make_content_loss(ContentKind::plain, *backend, look.tap("relu1_2")));
  expect_error(ErrorCode::internal, "an objective in use is given other taps",
               [&] { again.evaluate(picture, found); });
}

}  // namespace
}  // namespace impasto::test
