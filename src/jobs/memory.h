#pragma once

#include <functional>

#include "descent/scale_plan.h"
#include "impasto/session.h"
#include "zoo/engine.h"

namespace impasto {

/// What a job may take.
struct Budget {
  uint64_t most = 0;   ///< bytes of the process; 0: what the machine can spare
  size_t process = 0;  ///< of them for the program with its libraries, networks, threads
};
/// A session's, without what the caller needs for itself.
Budget budget_of(const Session&, size_t reserved = 0);

/// Bytes that the whole process may take.
size_t limit_of(const Budget&);
/// Bytes that painting may take beside the process.
size_t memory_for(const Budget&);
/// Memory that painting at this size takes beside the process, as planned. Throws Error{memory},
/// with the size that would fit, when it is more than memory_for().
size_t checked_bytes(const Engine&, const Size&, const Budget&, const PlannedStyles&,
                     const StylizeOptions&);
/// The same for any method: `bytes_for` tells what a size takes.
size_t checked_bytes(const Size&, const Budget&,
                     const std::function<size_t(const Size&)>& bytes_for);

}  // namespace impasto
