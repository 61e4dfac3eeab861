#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "impasto/choices.h"
#include "impasto/image.h"
#include "impasto/stylize.h"

namespace impasto {

/// One part of a job's work.
struct JobStage {
  StageKind kind = StageKind::optimize;
  Size size{0, 0};  ///< what is painted
  // For telling:
  int windows = 1;     ///< that the network is given one after another; 1: the whole picture
  Size window{0, 0};   ///< each of them
  double seconds = 0;  ///< that it takes, roughly

  // Of a scale of the descent:
  int steps = 0;        ///< of the optimiser
  int window_side = 0;  ///< what windows have at most; 0: the whole picture at once, in memory
  bool lean = false;    ///< BFGS that knows one step, in place of L-BFGS
  int history = 0;      ///< of L-BFGS, in pairs; 0: the options'
  int octaves = 5;      ///< of the unknown, if it is a pyramid; 1: pixels
  double cost = 1;      ///< of a step, over that of one on the whole picture at once
  size_t bytes = 0;     ///< of memory at its peak, beside what there is before

  bool in_windows() const { return window_side > 0; }
};

/// A picture to be painted, as it was decided before any of it is painted: how, in what steps, and
/// what that takes. Painting does what stands here and decides nothing.
struct Job {
  StylizeOptions options;                ///< what was asked for, and in it what was decided: the
                                         ///< method, and of a descent start, scales and steps
  Size size{0, 0};                       ///< of the result
  Quality quality = Quality::automatic;  ///< draft, good, best
  std::string reason;                    ///< for it
  std::vector<JobStage> stages;       ///< the descent's scales or at_once; enlargements; by edges
  Storage storage = Storage::memory;  ///< of pictures too large to be refined, on the way
  size_t window_bytes = 0;            ///< that painting at once computes in, at most
  size_t peak_bytes = 0;              ///< of memory, of the whole process, from reading to writing
  size_t limit_bytes = 0;             ///< what it may be: max_memory, or what the machine can spare
  double seconds = 0;                 ///< roughly, of painting
};

}  // namespace impasto
