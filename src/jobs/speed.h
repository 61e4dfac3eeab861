#pragma once

#include <functional>

#include "impasto/stylize.h"
#include "instant/instant.h"
#include "zoo/engine.h"

namespace impasto {

/// The networks of a run, opened when they are asked for.
struct Networks {
  std::function<Instant&()> instant;
  std::function<Engine&()> engine;
};

/// How long work takes here that is done in steps over pixels.
struct Speed {
  double begin = 0;      ///< seconds before the first step at a new size: compiling, looking
  double step = 0;       ///< seconds of a step, whatever its size
  double per_pixel = 0;  ///< seconds of a step for each pixel

  double seconds(double pixels, int steps) const {
    return begin + steps * (step + per_pixel * pixels);
  }
  Speed times(double factor) const { return {begin * factor, step * factor, per_pixel * factor}; }
};

/// Of the two ways to paint: a step of the optimiser, and a pass of the network that paints at
/// once.
struct Speeds {
  Speed step, pass;
};

/// What a processor of some years ago does: for an estimate that nothing hangs on.
constexpr Speeds usual_speeds{{0.05, 0.002, 3e-7}, {0.05, 0.001, 2e-7}};

/// Measures on small pictures, in a tenth of a second.
Speed measure_step(Engine&, const StylizeOptions&);
Speed measure_pass(Instant&);

/// What the cache knows of this machine, these networks and options (speed_book.h): what was
/// measured once, refined by what runs really took; usual_speeds where it knows nothing.
Speeds known_speeds(const StylizeOptions&);
/// The same for a choice that should not change with the weather: it follows what runs took only
/// where that differs by 30 %, and what is not known is measured.
Speeds settled_speeds(const StylizeOptions&, const Networks&);
Speeds settled_speeds(Session&, const StylizeOptions&);
/// Measures what known_speeds() does not know yet, for somebody who is told the time.
void measure_speeds(const StylizeOptions&, const Networks&);
void measure_step_speed(const StylizeOptions&, Engine&);

/// Tells the cache what a run of some seconds really took.
void learn_step(const StylizeOptions&, double expected_seconds, double seconds);
void learn_pass(const StylizeOptions&, double expected_seconds, double seconds);

}  // namespace impasto
