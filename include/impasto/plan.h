#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "impasto/image.h"
#include "impasto/stylize.h"

namespace impasto {

/// One part of a run's work.
struct PlannedStage {
  std::string
      name;  ///< "at once" and "enlarge": by the network that paints in one pass; "optimize":
             ///< one scale of the descent; "guide": enlarged along the photograph's edges
  Size size{0, 0};
  int steps = 0;            ///< of the optimiser
  int windows = 0;          ///< that the network is given one after another; 1: the whole picture
  Size window{0, 0};        ///< of that size
  std::string optimizer{};  ///< "l-bfgs", "adam", or "memoryless bfgs" where memory is short
  int octaves = 0;          ///< of the unknown that it moves; 1: pixels
  double seconds = 0;       ///< that it takes, roughly
};

/// What a run is going to do, and what it takes, before any of it is taken.
struct StylizePlan {
  Size size{0, 0};                       ///< of the result
  Quality quality = Quality::automatic;  ///< draft, good, best
  std::string reason;                    ///< for it
  Method method = Method::automatic;     ///< of the first stage
  std::vector<PlannedStage> stages;
  Storage storage = Storage::memory;  ///< of pictures too large to be refined, on the way
  size_t window_bytes = 0;            ///< that painting at once computes in, at most
  size_t scale_bytes = 0;             ///< that one scale of the descent may take
  size_t peak_bytes = 0;              ///< of memory, of the whole process, from reading to writing
  size_t limit_bytes = 0;             ///< what it may be: max_memory, or what the machine can spare
  double seconds = 0;                 ///< roughly, of painting
};

}  // namespace impasto
