// Statistics of a part of the positions, and their counterpart that writes back.

#include "backend/reference/access.h"
#include "backend/reference/reference.h"

namespace impasto {

void ReferenceBackend::guided_moments(const Tensor& features, const Guide& guide,
                                      const Tensor& sums, const Tensor& products) {
  const Access f(features), s(sums), m(products);
  const int64_t channels = features.shape().c();
  sums.fill(0);
  products.fill(0);
  for (size_t k = 0; k < guide.positions.size(); ++k) {
    const int64_t at = guide.positions[k] * channels;
    const auto weight = static_cast<double>(guide.weight(k));
    for (int64_t i = 0; i < channels; ++i) {
      s.add(i, weight * f.get(at + i));
      for (int64_t j = 0; j < channels; ++j) {
        m.add(i * channels + j, weight * f.get(at + i) * f.get(at + j));
      }
    }
  }
}

void ReferenceBackend::guided_mix(const Tensor& src, const Guide& guide, const Tensor& matrix,
                                  const Tensor& bias, bool accumulate, const Tensor& dst) {
  const Access x(src), a(matrix), b(bias), y(dst);
  const int64_t channels = src.shape().c();
  if (!accumulate) dst.fill(0);
  for (size_t k = 0; k < guide.positions.size(); ++k) {
    const int64_t at = guide.positions[k] * channels;
    const auto weight = static_cast<double>(guide.weight(k));
    for (int64_t o = 0; o < channels; ++o) {
      double sum = b.get(o);
      for (int64_t i = 0; i < channels; ++i) sum += x.get(at + i) * a.get(i * channels + o);
      y.add(at + o, weight * sum);
    }
  }
}

}  // namespace impasto
