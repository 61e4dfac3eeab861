#include "methods/picture.h"

#include <algorithm>

#include "backend/border.h"

namespace impasto {

Tensor to_tensor(const Image& image) {
  const Tensor t({1, image.height(), image.width(), 3});
  const int64_t n = int64_t{3} * image.width();
  for (int y = 0; y < image.height(); ++y) {
    float* row = t.data<float>() + n * y;
    image.read(0, y, image.width(), row);
    std::transform(row, row + n, row, in_gamut);
  }
  return t;
}

Image to_image(const Tensor& t) {
  Image image(static_cast<int>(t.shape().w()), static_cast<int>(t.shape().h()));
  std::transform(t.data<float>(), t.data<float>() + t.size(), image.data(), in_gamut);
  return image;
}

Image with_margin(const Image& image, int margin) {
  Image wide(image.width() + 2 * margin, image.height() + 2 * margin);
  for (int y = 0; y < wide.height(); ++y) {
    const float* from =
        image.row(static_cast<int>(border_index(y - margin, image.height(), PadMode::reflect)));
    for (int x = 0; x < wide.width(); ++x) {
      const int64_t ix = border_index(x - margin, image.width(), PadMode::reflect);
      std::copy_n(from + 3 * ix, 3, wide.row(y) + 3 * x);
    }
  }
  return wide;
}

Image without_margin(const Image& wide, int margin) {
  Image image(wide.width() - 2 * margin, wide.height() - 2 * margin);
  for (int y = 0; y < image.height(); ++y) {
    std::copy_n(wide.row(y + margin) + 3 * margin, 3 * image.width(), image.row(y));
  }
  return image;
}

}  // namespace impasto
