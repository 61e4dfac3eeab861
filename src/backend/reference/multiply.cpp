#include "backend/reference/access.h"
#include "backend/reference/reference.h"

namespace impasto {

void ReferenceBackend::multiply(const Tensor& a, const Tensor& b, const Tensor& dst) {
  const Access x(a), y(b), z(dst);
  const int64_t m = a.shape()[0], k = a.shape()[1], n = b.shape()[1];
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      double sum = 0;
      for (int64_t l = 0; l < k; ++l) sum += x.get(i * k + l) * y.get(l * n + j);
      z.set(i * n + j, sum);
    }
  }
}

}  // namespace impasto
