#pragma once

#include <string>
#include <vector>

#include "impasto/batch.h"
#include "impasto/file_job.h"
#include "impasto/stylizer.h"
#include "stylize_sweep.h"
#include "terminal.h"

namespace impasto::cli {

/// How one picture is going to be painted. Throws what the run would throw.
Job plan_picture(Session&, const StylizeFiles&, const std::string& output, const StylizeOptions&);

/// Whether that has to be known before pictures are read: they are large, or memory is limited.
bool is_to_be_planned(const Session&, const StylizeFiles&);

/// --dry-run: tell what painting one picture, a batch or a sweep would come to, on standard output,
/// with --json as JSON lines. Nothing but headers is read and nothing is written. Return the exit
/// status; throw what the run would throw.
int print_plan(Session&, const StylizeFiles&, const ResultArguments&, const StylizeOptions&,
               Verbosity);
int print_batch_plan(Session&, const Batch&, const StylizeOptions&, Verbosity);
int print_sweep_plan(Session&, const SweepCommand&, const StylizeOptions&);

}  // namespace impasto::cli
