#include "backend/cpu/cpu.h"
#include "backend/cpu/dnnl_context.h"

namespace impasto {

// No primitive to compile and no layout to choose: the matrices are small and differ every time.
void CpuBackend::multiply(const Tensor& a, const Tensor& b, const Tensor& dst) {
  if (dst.dtype() != DType::f32) return ReferenceBackend::multiply(a, b, dst);
  const int64_t m = a.shape()[0], k = a.shape()[1], n = b.shape()[1];
  dnnl::sgemm('N', 'N', m, n, k, 1.0f, a.data<float>(), k, b.data<float>(), n, 0.0f,
              dst.data<float>(), n);
}

}  // namespace impasto
