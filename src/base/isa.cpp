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
#if defined(__x86_64__) && defined(__GNUC__)
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
