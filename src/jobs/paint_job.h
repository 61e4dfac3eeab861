#pragma once

#include <vector>

#include "impasto/job.h"
#include "impasto/regions.h"
#include "impasto/session.h"
#include "jobs/speed.h"

namespace impasto {

/// What a job paints from.
struct JobPictures {
  const SharedImage& content;
  const std::vector<SharedPainting>& styles;
  const Regions& regions;
};

/// Paints, stage after stage, what was decided; for pictures that check_regions() has seen.
/// `networks` are those that the job's options ask for; the one of the descent is spent where the
/// session does not keep it.
StylizeResult paint_job(const Job&, const JobPictures&, const Networks&, Session&, Progress&);

}  // namespace impasto
