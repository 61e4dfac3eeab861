#pragma once

#include <cstddef>
#include <string>

namespace impasto {

/// What this machine reaches at most, measured with as many threads as threads() says.
struct MachineSpeed {
  std::string instructions;  ///< what oneDNN uses of the processor: "avx512_core_amx"
  double f32_gflops = 0;     ///< 3x3 convolutions whose operands fit into the caches
  double bf16_gflops = 0;    ///< 0 where the processor has no bf16 convolution
  double memory_gbytes = 0;  ///< per second, a = b + s c over three times 128 MiB (STREAM's triad)
};

/// What oneDNN uses of the processor, in its words: "avx2", "avx512_core_amx".
std::string processor_instructions();

/// Whether it multiplies bf16 natively: what features are then, if nothing else is asked for.
bool has_bf16();

/// Memory that oneDNN takes for itself, and libraries of its time, over that of Debian 12:
/// measured.
size_t compilers_bytes();

/// Takes about a second and 400 MB.
MachineSpeed measure_machine();

/// Drops the compiled primitives that oneDNN keeps for the process, so that the next backend
/// compiles as the first one did.
void forget_compiled_primitives();

}  // namespace impasto
