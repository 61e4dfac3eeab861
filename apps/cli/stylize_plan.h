#pragma once

#include <string>
#include <vector>

#include "impasto/batch.h"
#include "impasto/stylizer.h"
#include "stylize_sweep.h"
#include "terminal.h"

namespace impasto::cli {

/// The headers of a run's pictures.
struct StylizeHeaders {
  PictureHeader content;
  std::vector<PictureHeader> styles, masks;
};
StylizeHeaders read_headers(const StylizeFiles&);

/// What painting one picture comes to. Throws what the run would throw.
StylizePlan plan_picture(Session&, const StylizeFiles&, const std::string& output,
                         const StylizeOptions&);

/// Where a run's pictures are to be kept: they are large, or memory is limited. Throws
/// Error{memory} before anything is decoded when there is no way to paint them.
Storage planned_storage(Session&, const StylizeFiles&, const std::string& output,
                        const StylizeOptions&);

/// --dry-run: tell what painting one picture, a batch or a sweep would come to, on standard output,
/// with --json as JSON lines. Nothing but headers is read and nothing is written. Return the exit
/// status; throw what the run would throw.
int print_plan(Session&, const StylizeFiles&, const ResultArguments&, const StylizeOptions&,
               Verbosity);
int print_batch_plan(Session&, const Batch&, const StylizeOptions&, Verbosity);
int print_sweep_plan(Session&, const SweepCommand&, const StylizeOptions&);

}  // namespace impasto::cli
