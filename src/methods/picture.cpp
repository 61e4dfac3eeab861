#include "methods/picture.h"

#include <algorithm>

namespace impasto {

Tensor to_tensor(const Image& image) {
  const Tensor t({1, image.height(), image.width(), 3});
  std::copy_n(image.data(), t.size(), t.data<float>());
  return t;
}

Image to_image(const Tensor& t) {
  Image image(static_cast<int>(t.shape().w()), static_cast<int>(t.shape().h()));
  std::transform(t.data<float>(), t.data<float>() + t.size(), image.data(),
                 [](float v) { return std::clamp(v, 0.0f, 1.0f); });
  return image;
}

}  // namespace impasto
