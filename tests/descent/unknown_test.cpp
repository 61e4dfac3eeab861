#include "descent/unknown.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace impasto::test {
namespace {

Tensor random_tensor(Shape shape, uint64_t seed, double low, double high) {
  Random random(seed);
  Tensor t(shape);
  for (int64_t i = 0; i < t.size(); ++i) {
    t.data<float>()[i] = static_cast<float>(random.uniform(low, high));
  }
  return t;
}

double dot(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (int64_t i = 0; i < a.size(); ++i) sum += a.at(i) * b.at(i);
  return sum;
}

const std::vector<Shape> shapes = {
    {1, 64, 96, 3}, {1, 53, 37, 3}, {1, 16, 16, 3}, {1, 3, 200, 3}, {1, 1, 1, 3}};

struct Kind {
  const char* name;
  bool pyramid, joined;
};

class UnknownTest : public testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<Unknown> make(const Tensor& start) {
    return GetParam().pyramid ? make_pyramid_unknown(start, GetParam().joined)
                              : make_pixels_unknown(start);
  }
};

TEST_P(UnknownTest, BeginsAsThePicture) {
  for (const Shape& shape : shapes) {
    const Tensor start = random_tensor(shape, 1, 0, 1), picture = Tensor::full(shape, NAN);
    const auto unknown = make(start);
    unknown->render(unknown->values(), picture);
    for (int64_t i = 0; i < start.size(); ++i) {
      // There and back through the colours' matrix, whose condition is about 9.
      ASSERT_NEAR(picture.at(i), start.at(i), GetParam().pyramid ? 2e-6 : 0) << shape.str();
    }
  }
}

// <render(x) - render(0), g> = <x, pull_back(g)> for all x and g.
TEST_P(UnknownTest, PullsBackByTheTranspose) {
  for (const Shape& shape : shapes) {
    const auto unknown = make(random_tensor(shape, 1, 0, 1));
    const Tensor x = random_tensor(unknown->values().shape(), 2, -1, 1);
    const Tensor g = random_tensor(shape, 3, -1, 1), zero = Tensor::zeros(x.shape());
    const Tensor at_x(shape), at_zero(shape), pulled = Tensor::full(x.shape(), NAN);
    unknown->render(x, at_x);
    unknown->render(zero, at_zero);
    unknown->pull_back(g, pulled);
    const double expected = dot(x, pulled);
    const double size = std::sqrt(dot(x, x) * dot(pulled, pulled));
    EXPECT_NEAR(dot(at_x, g) - dot(at_zero, g), expected, 1e-6 * size) << shape.str();
  }
}

TEST_P(UnknownTest, LeavesItsArgumentsAlone) {
  const Shape shape{1, 20, 30, 3};
  const Tensor start = random_tensor(shape, 1, 0, 1), before = start.clone();
  const auto unknown = make(start);
  const Tensor values = unknown->values().clone(), picture(shape);
  unknown->render(unknown->values(), picture);
  const Tensor other = picture.clone();
  unknown->pull_back(picture, Tensor(values.shape()));
  for (int64_t i = 0; i < start.size(); ++i) {
    ASSERT_EQ(start.at(i), before.at(i));
    ASSERT_EQ(picture.at(i), other.at(i));
  }
  for (int64_t i = 0; i < values.size(); ++i) ASSERT_EQ(values.at(i), unknown->values().at(i));
}

// Rendered in its own memory it is the same, and comes back.
TEST_P(UnknownTest, RendersInPlace) {
  for (const Shape& shape : shapes) {
    const auto unknown = make(random_tensor(shape, 1, 0, 1));
    const Tensor x = random_tensor(unknown->values().shape(), 2, -1, 1), before = x.clone();
    const Tensor picture(shape), pulled(x.shape()), g = random_tensor(x.shape(), 3, -1, 1);
    unknown->render(x, picture);
    unknown->pull_back(unknown->place_in(g.clone()), pulled);
    unknown->render(x, unknown->place_in(x));
    for (int64_t i = 0; i < picture.size(); ++i) ASSERT_EQ(x.at(i), picture.at(i));
    unknown->restore(x);
    for (int64_t i = 0; i < x.size(); ++i) ASSERT_NEAR(x.at(i), before.at(i), 1e-5);
    unknown->pull_back(unknown->place_in(g), g);
    for (int64_t i = 0; i < g.size(); ++i) ASSERT_EQ(g.at(i), pulled.at(i));
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, UnknownTest,
                         testing::Values(Kind{"pixels", false, false}, Kind{"pyramid", true, false},
                                         Kind{"tile", true, true}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(PyramidUnknown, HoldsFiveOctaves) {
  const auto unknown = make_pyramid_unknown(Tensor::full({1, 64, 96, 3}, 0.5));
  EXPECT_EQ(unknown->values().size(), 3 * (64 * 96 + 32 * 48 + 16 * 24 + 8 * 12 + 4 * 6));
  // Neutral grey is the origin of the colours.
  for (int64_t i = 0; i < unknown->values().size(); ++i) {
    ASSERT_NEAR(unknown->values().at(i), 0, 1e-6);
  }
}

// Rolled by what every octave can be rolled by, values give the picture rolled.
TEST(PyramidUnknown, OfATileHasNoBorder) {
  const Shape shape{1, 32, 48, 3};
  for (const bool joined : {false, true}) {
    const auto unknown = make_pyramid_unknown(Tensor::full(shape, 0.5), joined);
    const Tensor values = random_tensor(unknown->values().shape(), 4, -1, 1);
    const Tensor rolled(values.shape()), picture(shape), other(shape);
    int64_t begin = 0;
    for (int octave = 0; octave < 5; ++octave) {
      const int64_t h = 32 >> octave, w = 48 >> octave;
      for (int64_t i = 0; i < 3 * h * w; ++i) {
        const int64_t y = i / (3 * w), x = i % (3 * w);
        rolled.data<float>()[begin + i] =
            values.data<float>()[begin + (y + h / 2) % h * 3 * w + (x + w) % (3 * w)];
      }
      begin += 3 * h * w;
    }
    unknown->render(values, picture);
    unknown->render(rolled, other);
    double largest = 0;
    for (int64_t i = 0; i < shape.size(); ++i) {
      const int64_t y = i / 144, x = i % 144;
      largest = std::max(largest,
                         std::abs(other.at(i) - picture.at((y + 16) % 32 * 144 + (x + 48) % 144)));
    }
    EXPECT_EQ(largest < 1e-5, joined);
  }
}

TEST(PyramidUnknown, TellsItsSize) {
  for (const Shape& shape : shapes) {
    for (const int octaves : {1, 3, 5}) {
      const auto unknown = make_pyramid_unknown(Tensor::full(shape, 0.5), false, octaves);
      EXPECT_EQ(unknown->values().size(), pyramid_size(shape, octaves));
    }
  }
}

}  // namespace
}  // namespace impasto::test
