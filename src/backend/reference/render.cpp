// From features to a picture, the end of every network that paints.

#include "backend/reference/access.h"
#include "backend/reference/reference.h"

namespace impasto {

void ReferenceBackend::render(const PixelConvention& convention, const Tensor& src,
                              const Tensor& rgb) {
  const Access x(src), y(rgb);
  for (int64_t p = 0; p < rgb.shape().pixels(); ++p) {
    for (size_t row = 0; row < 3; ++row) {
      double sum = convention.offset[row];
      for (size_t c = 0; c < 3; ++c) {
        sum += convention.matrix[row * 3 + c] * x.get(p * 3 + static_cast<int64_t>(c));
      }
      y.set(p * 3 + static_cast<int64_t>(row), sum);
    }
  }
}

void ReferenceBackend::render_backward(const PixelConvention& convention, const Tensor& drgb,
                                       const Tensor& dsrc) {
  const Access dy(drgb), dx(dsrc);
  for (int64_t p = 0; p < drgb.shape().pixels(); ++p) {
    for (size_t c = 0; c < 3; ++c) {
      double sum = 0;
      for (size_t row = 0; row < 3; ++row) {
        sum += convention.matrix[row * 3 + c] * dy.get(p * 3 + static_cast<int64_t>(row));
      }
      dx.set(p * 3 + static_cast<int64_t>(c), sum);
    }
  }
}

}  // namespace impasto
