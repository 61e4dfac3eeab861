// The primitives of both backends against PyTorch's numbers, and what PyTorch cannot answer by
// hand.

#include <gtest/gtest.h>

#include <cmath>

#include "backend/backend.h"
#include "backend/torch_answers.h"

namespace impasto::test {
namespace {

// As in make_answers.py: exact in f32.
Tensor pattern(Shape shape, int offset = 0) {
  Tensor t(shape);
  for (int64_t i = 0; i < t.size(); ++i) {
    t.data<float>()[i] = static_cast<float>((i * 37 + offset * 11 + 5) % 64) / 16 - 2;
  }
  return t;
}

Tensor literal(Shape shape, const std::vector<double>& values) {
  Tensor t(shape);
  for (int64_t i = 0; i < t.size(); ++i) {
    t.data<float>()[i] = static_cast<float>(values.at(static_cast<size_t>(i)));
  }
  return t;
}

void expect_values(const Tensor& found, const std::vector<double>& expected) {
  ASSERT_EQ(static_cast<size_t>(found.size()), expected.size());
  // 7 digits are written; sums of 19 products of a few units.
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(found.at(static_cast<int64_t>(i)), expected[i], 1e-5) << i;
  }
}

class Answers : public testing::TestWithParam<bool> {
 protected:
  Tensor pad(Shape src, int border, PadMode mode) {
    const Pad2dDesc d{src, border, mode};
    const Tensor dst(d.dst());
    backend_->pad2d(d, pattern(src), dst);
    return dst;
  }
  Tensor pool(const Tensor& src, PoolKind kind) {
    const Pool2dDesc d{src.shape(), kind};
    const Tensor dst(d.dst());
    backend_->pool2d(d, src, dst);
    return dst;
  }
  Tensor upsample(Shape src, int64_t h, int64_t w, Interpolation kind) {
    const Upsample2dDesc d{src, h, w, kind};
    const Tensor dst(d.dst());
    backend_->upsample2d(d, pattern(src), dst);
    return dst;
  }
  std::unique_ptr<Backend> backend_ = GetParam() ? make_cpu_backend() : make_reference_backend();
};

TEST_P(Answers, Convolution) {
  for (const int stride : {1, 2}) {
    const Conv2dDesc d{{1, 4, 5, 2}, 3, 3, stride, 1};
    const Tensor dst(d.dst());
    const auto prepared =
        backend_->prepare(d, pattern(d.weights(), 1), pattern({3}, 2), true, false);
    backend_->conv2d(d, pattern(d.src), *prepared, dst);
    expect_values(dst, stride == 1 ? torch_answers::conv : torch_answers::conv_stride);
  }
}

TEST_P(Answers, Resampling) {
  using enum Interpolation;
  expect_values(upsample({1, 3, 4, 2}, 5, 7, bilinear), torch_answers::bilinear_up);
  expect_values(upsample({1, 5, 7, 2}, 3, 4, bilinear), torch_answers::bilinear_down);
  expect_values(upsample({1, 3, 4, 2}, 5, 7, nearest), torch_answers::nearest_up);
  expect_values(upsample({1, 5, 7, 2}, 3, 4, nearest), torch_answers::nearest_down);
}

TEST_P(Answers, Padding) {
  expect_values(pad({1, 3, 4, 2}, 2, PadMode::reflect), torch_answers::reflect);
  expect_values(pad({1, 3, 4, 2}, 2, PadMode::circular), torch_answers::circular);
  // Wider than PyTorch allows: reflection bounces. Pattern: -1.6875, 0.625.
  const double a = -1.6875, b = 0.625;
  expect_values(
      pad({1, 1, 2, 1}, 2, PadMode::reflect),
      {a, b, a, b, a, b, a, b, a, b, a, b, a, b, a, b, a, b, a, b, a, b, a, b, a, b, a, b, a, b});
  expect_values(pad({1, 1, 1, 1}, 1, PadMode::reflect), {a, a, a, a, a, a, a, a, a});
  expect_values(pad({1, 1, 1, 1}, 1, PadMode::zero), {0, 0, 0, 0, a, 0, 0, 0, 0});
}

TEST_P(Answers, Pooling) {
  expect_values(pool(pattern({1, 5, 7, 2}), PoolKind::max), torch_answers::max_pool);
  expect_values(pool(pattern({1, 5, 7, 2}), PoolKind::average), torch_answers::average_pool);
  // A side of one pixel is pooled to one instead of nothing.
  expect_values(pool(literal({1, 1, 3, 1}, {-2, -1, 5}), PoolKind::max), {-1});
  expect_values(pool(literal({1, 1, 3, 1}, {-2, -1, 5}), PoolKind::average), {-1.5});
  expect_values(pool(literal({1, 1, 1, 2}, {-2, -1}), PoolKind::max), {-2, -1});
}

TEST_P(Answers, MaxPoolGradientGoesToTheFirstLargest) {
  const Pool2dDesc d{{1, 2, 4, 1}};
  const Tensor dsrc(d.src);
  backend_->pool2d_backward(d, literal(d.src, {1, 3, 0, 0, 3, 3, 0, 0}), literal(d.dst(), {5, 7}),
                            dsrc);
  expect_values(dsrc, {0, 5, 7, 0, 0, 0, 0, 0});
}

TEST_P(Answers, InstanceNorm) {
  const Tensor dst({1, 3, 4, 2}), inverse({1, 2});
  backend_->instance_norm(pattern({1, 3, 4, 2}), 1e-5f, dst, inverse);
  expect_values(dst, torch_answers::instance_norm);
}

TEST_P(Answers, Relu) {
  const Tensor dsrc = literal({1, 1, 3, 1}, {4, 5, 6});
  backend_->relu_backward(literal({1, 1, 3, 1}, {0, 2, 0}), dsrc);
  expect_values(dsrc, {0, 5, 0});
}

TEST_P(Answers, Statistics) {
  const Tensor f = literal({1, 1, 3, 2}, {1, 2, 3, 4, 5, 6});
  const Tensor t = literal({1, 1, 3, 2}, {1, 0, 0, 1, -1, 1});
  const Tensor sums({2}, DType::f64), products({2, 2}, DType::f64), three({3, 2}, DType::f64);
  backend_->second_moments(f, sums, products);
  expect_values(sums, {9, 12});
  expect_values(products, {35, 44, 44, 56});
  backend_->channel_sums(f, t, three);
  expect_values(three, {9, 12, 35, 56, -4, 10});

  const Tensor dst = Tensor::full({1, 1, 3, 2}, 100);
  const Tensor coefficients = literal({3, 2}, {1, 2, 10, 20, -1, 0});
  backend_->channel_blend(f, t, coefficients, false, dst);
  expect_values(dst, {10, 4, 2, 28, -6, 32});
  backend_->channel_blend(f, t, coefficients, true, dst);
  expect_values(dst, {20, 8, 4, 56, -12, 64});

  const Tensor mixed = Tensor::full({1, 1, 3, 1}, 100);
  const Tensor matrix = literal({2, 1}, {10, 1}), bias = literal({1}, {-1});
  backend_->channel_mix(f, matrix, bias, false, mixed);
  expect_values(mixed, {11, 33, 55});
  backend_->channel_mix(f, matrix, bias, true, mixed);
  expect_values(mixed, {22, 66, 110});
}

TEST_P(Answers, AccumulateAndScale) {
  const Tensor x = literal({1, 1, 1, 3}, {1, 2, 3}), y = literal({1, 1, 1, 3}, {10, 20, 30});
  backend_->accumulate(x, -2, y);
  expect_values(y, {8, 16, 24});
  backend_->scale(x, 3, y);
  expect_values(y, {3, 6, 9});
}

TEST_P(Answers, PixelsAreMatrixTimesRgbPlusOffset) {
  // BGR 0..255 less a mean.
  const PixelConvention convention{{0, 0, 255, 0, 255, 0, 255, 0, 0}, {-104, -117, -124}};
  const Tensor rgb = literal({1, 1, 1, 3}, {1, 0, 0.2}), dst({1, 1, 1, 3});
  backend_->pixels(convention, rgb, dst);
  expect_values(dst, {-53, -117, 131});
}

INSTANTIATE_TEST_SUITE_P(Backends, Answers, testing::Bool(), [](const auto& tested) {
  return std::string(tested.param ? "cpu" : "reference");
});

}  // namespace
}  // namespace impasto::test
