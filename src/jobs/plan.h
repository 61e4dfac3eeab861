#pragma once

#include <functional>

#include "descent/scale_plan.h"
#include "impasto/job.h"
#include "instant/instant.h"
#include "jobs/memory.h"
#include "jobs/quality.h"

namespace impasto {

/// What goes into a run.
struct PlanInputs {
  PictureHeader content;
  std::vector<PaintingHeader> styles;
  /// Of its parts, if it is painted in parts; the paintings of all of them are among the styles.
  std::vector<PictureHeader> masks = {};
  Budget budget = {};
  size_t decoding_bytes = 0;  ///< of the one among them that takes most while it is read
  std::string output = {};    ///< where the result will be written, if that is known
};

/// Decides how settled options are painted. Pictures are kept in memory and painted in large
/// windows, or optimised as a whole, if that fits; else on the way in files, then in smaller
/// windows, then optimised in windows, too (plan_scale()). Where the quality is open and that one
/// would take too long, or too much, a lower one is taken. Throws Error{memory} with the smallest
/// budget and the largest size that would do, and what pick_quality() throws. Times are what the
/// cache knows (known_speeds()); what a choice hangs on is measured.
Job make_job(const PlanInputs&, const StylizeOptions&, const Networks&);

}  // namespace impasto
