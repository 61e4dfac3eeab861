#include "canvas/look.h"

#include <gtest/gtest.h>

#include "canvas/picture.h"
#include "support/synthetic.h"

namespace impasto::test {
namespace {

float pixel(const Tensor& t, int64_t part, int64_t y, int64_t x) {
  const Shape& s = t.shape();
  return t.data<float>()[3 * ((part * s.h() + y) * s.w() + x)];
}

TEST(View, OfASmallPaintingIsAllOfIt) {
  const Image painting = synthetic_picture(100, 80, 3);
  const PaintingView view = view_of(painting, {200, 160});
  ASSERT_EQ(view.parts.shape(), (Shape{1, 160, 200, 3}));
  const Tensor whole = to_tensor(resize(painting, 200, 160));
  for (int64_t i = 0; i < whole.size(); ++i) {
    ASSERT_EQ(view.parts.data<float>()[i], whole.data<float>()[i]);
    ASSERT_EQ(view.colours.data<float>()[i], whole.data<float>()[i]);
  }
}

TEST(View, OfALargePaintingIsNineParts) {
  const Image painting = synthetic_picture(300, 240, 3);
  const PaintingView view = view_of(painting, {1500, 1200});
  ASSERT_EQ(view.parts.shape(), (Shape{9, 256, 256, 3}));
  const Tensor whole = to_tensor(resize(painting, 1500, 1200));
  // The first begins where the painting does, the middle one in its middle, the last ends with it.
  EXPECT_FLOAT_EQ(pixel(view.parts, 0, 0, 0), pixel(whole, 0, 0, 0));
  EXPECT_FLOAT_EQ(pixel(view.parts, 4, 7, 9), pixel(whole, 0, 472 + 7, 622 + 9));
  EXPECT_FLOAT_EQ(pixel(view.parts, 8, 255, 255), pixel(whole, 0, 1199, 1499));
  // Its colours are those of every pixel that it has.
  EXPECT_EQ(view.colours.shape(), (Shape{1, 240, 300, 3}));
}

TEST(View, OfAStripHasItsParts) {
  const Image strip = synthetic_picture(3000, 100, 3);
  const PaintingView view = view_of(strip, {7000, 233});
  EXPECT_EQ(view.parts.shape(), (Shape{9, 233, 256, 3}));
  const PaintingView upright = view_of(synthetic_picture(100, 3000, 3), {300, 9000});
  EXPECT_EQ(upright.parts.shape(), (Shape{9, 256, 256, 3}));
  const PaintingView broad = view_of(synthetic_picture(1000, 300, 3), {2000, 600});
  EXPECT_EQ(broad.parts.shape(), (Shape{8, 256, 256, 3}));
}

}  // namespace
}  // namespace impasto::test
