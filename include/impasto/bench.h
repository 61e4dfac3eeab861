#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "impasto/progress.h"
#include "impasto/stylize.h"

namespace impasto {

/// What the machine reaches at most: the measure of everything else.
struct MachineBench {
  int threads = 0;
  std::string instructions;  ///< what the processor offers, in oneDNN's words: avx512_core_amx
  double f32_gflops = 0;     ///< of convolutions whose operands fit into the caches
  double bf16_gflops = 0;    ///< 0 where the processor cannot
  double memory_gbytes = 0;  ///< per second: a = b + s c over 384 MiB (STREAM's triad)
};

/// Takes about a second.
MachineBench bench_machine(Session&);

/// How long a step is measured, after a warm-up that fills L-BFGS's history.
struct BenchOptions {
  double seconds = 1;  ///< at least, all measured steps together
  int steps = 5;       ///< at least
};

/// One step of stylize at one scale: the whole objective forward and backward, and the optimiser.
struct StepBench {
  std::string network;
  Precision precision = Precision::automatic;
  int width = 0, height = 0;  ///< of the picture; the margin comes on top
  int margin = 0;
  int threads = 0;
  int steps = 0;        ///< that were measured
  double setup_ms = 0;  ///< network read, pictures looked at, everything before the first step
  double first_ms = 0;  ///< the first step, which compiles its primitives
  double median_ms = 0, min_ms = 0, max_ms = 0;
  double objective = 0;      ///< at the last step
  size_t planned_bytes = 0;  ///< as told before the start
  size_t peak_bytes = 0;     ///< of the process's memory during all this, as Linux counts it
  bool cancelled = false;    ///< stopped before the last step: times are of fewer steps, or 0
};

/// Measures a step as stylize would take it at its last scale: `size`, or the photograph's own.
/// Without pictures (an empty image, no styles) it draws some, 512 pixels square or of that size.
/// Primitives are compiled anew. Schedule, time and start of the options do not matter. Throws
/// what stylize throws.
StepBench bench_step(Session&, const Image& content, const std::vector<Painting>& styles,
                     const StylizeOptions&, const BenchOptions&, Progress&);

}  // namespace impasto
