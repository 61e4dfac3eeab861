#pragma once

#include <string>

#include "impasto/batch.h"
#include "terminal.h"

namespace impasto::cli {

/// Exit status of a batch, or of a plan for one, of which some pictures failed.
constexpr int some_failed = 8;

/// Whether these files make a batch: several photographs, a folder among the files, a folder for
/// the result, or an option that only a batch has.
bool is_batch(const BatchFiles&, const BatchOptions&);

/// Paints a batch and tells how it went, or with `dry_run` what it would come to. The exit status:
/// 0, 8 when some pictures failed, 130 when it was stopped.
int run_batch(Session&, const BatchFiles&, const BatchOptions&, const StylizeOptions&, Verbosity,
              bool dry_run);

}  // namespace impasto::cli
