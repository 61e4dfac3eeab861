#include "backend/cpu/cpu.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "backend/cpu/dnnl_context.h"
#include "backend/cpu/kernels.h"
#include "backend/cpu/tile_product.h"
#include "backend/machine.h"
#include "base/isa.h"
#include "base/parallel.h"

namespace impasto {

const Kernels& best_kernels() {
  return of_best_isa(kernels_base::table, kernels_avx2::table, kernels_avx512::table);
}

// Linux gives a process the matrix units' registers when it asks for them.
bool tiles_available() {
#if defined(__x86_64__) && defined(SYS_arch_prctl)
  constexpr int request_permission = 0x1023, tile_data = 18;
  static const bool permitted = syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
  return tiles_compiled && permitted && processor_has(dnnl::cpu_isa::avx512_core_amx);
#else
  return false;
#endif
}

bool has_bf16() {
  return processor_has(dnnl::cpu_isa::avx512_core_bf16);
}

CpuBackend::CpuBackend()
    : dnnl_((threads(), std::make_unique<DnnlContext>())), kernels_(best_kernels()) {}

CpuBackend::~CpuBackend() = default;

std::string CpuBackend::name() const {
  return "cpu";
}

DType CpuBackend::preferred_type() const {
  return has_bf16() ? DType::bf16 : DType::f32;
}

// oneDNN emulates bf16 on any AVX-512; below that it has no bf16 convolution.
bool CpuBackend::supports(DType type) const {
  return type != DType::bf16 || processor_has(dnnl::cpu_isa::avx512_core);
}

size_t CpuBackend::scratch_bytes() const {
  return dnnl_->scratch_bytes();
}

void CpuBackend::forget_compiled() {
  dnnl_->forget();
}

std::unique_ptr<Backend> make_cpu_backend() {
  return std::make_unique<CpuBackend>();
}

}  // namespace impasto
