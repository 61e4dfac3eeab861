#pragma once

#define IMPASTO_INLINE inline __attribute__((always_inline))

namespace impasto {

/// The instruction sets that our own loops are compiled for: what every x86-64 processor has, AVX2
/// with FMA (x86-64-v3), AVX-512 (x86-64-v4).
enum class Isa { base, avx2, avx512 };

/// The largest that this processor has and that ONEDNN_MAX_CPU_ISA, which limits oneDNN, allows;
/// so a large machine can be a small one, whole. Told once, when it is first asked for.
Isa best_isa();

/// The one of three that best_isa() says: of what cmake/isa.cmake compiles from one file.
template <class T>
const T& of_best_isa(const T& base, const T& avx2, const T& avx512) {
  return best_isa() == Isa::avx512 ? avx512 : best_isa() == Isa::avx2 ? avx2 : base;
}

#if defined(__x86_64__) && defined(__GNUC__)
template <class Loop>
__attribute__((target("arch=x86-64-v4"), flatten)) auto run_avx512(const Loop& loop) {
  return loop();
}
template <class Loop>
__attribute__((target("arch=x86-64-v3"), flatten)) auto run_avx2(const Loop& loop) {
  return loop();
}
#endif

/// Runs a short loop as compiled for best_isa(): vectorised([=] { for (...) ...; }). What it calls
/// is compiled with it if it is IMPASTO_INLINE or small.
template <class Loop>
auto vectorised(const Loop& loop) {
#if defined(__x86_64__) && defined(__GNUC__)
  if (best_isa() == Isa::avx512) return run_avx512(loop);
  if (best_isa() == Isa::avx2) return run_avx2(loop);
#endif
  return loop();
}

}  // namespace impasto
