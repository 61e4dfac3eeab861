#include "base/isa.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>

namespace impasto {

namespace {

// By oneDNN's names, all of which begin with the part that counts: "AVX512_CORE_BF16".
Isa allowed_isa() {
  const char* value = std::getenv("ONEDNN_MAX_CPU_ISA");
  if (!value) value = std::getenv("DNNL_MAX_CPU_ISA");
  std::string name = value ? value : "";
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name == "SSE41" || name == "AVX") return Isa::base;
  return name.rfind("AVX2", 0) == 0 ? Isa::avx2 : Isa::avx512;
}

Isa present_isa() {
#if defined(__x86_64__) && defined(__clang__)  // 14 knows the parts only
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                  __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  const bool v4 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  return v3 && v4 ? Isa::avx512 : v3 ? Isa::avx2 : Isa::base;
#elif defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("x86-64-v4")) return Isa::avx512;
  if (__builtin_cpu_supports("x86-64-v3")) return Isa::avx2;
#endif
  return Isa::base;
}

}  // namespace

Isa best_isa() {
  static const Isa best = std::min(present_isa(), allowed_isa());
  return best;
}

}  // namespace impasto
