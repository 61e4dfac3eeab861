#pragma once

#include <string>
#include <vector>

#include "impasto/stylize.h"
#include "result_file.h"
#include "terminal.h"

namespace impasto::cli {

/// What --sweep asks for beside the options.
struct SweepCommand {
  std::vector<std::string> sweeps;  ///< as given: one or two
  StylizeFiles files;
  ResultArguments result;  ///< a picture; for frames a folder, or a name with %d in it
  Verbosity verbosity = Verbosity::normal;
};

/// Paints a sweep as one picture or as frames, and tells how it went. The exit status: 0, or 130
/// when it was stopped; what was painted by then is written.
int run_sweep(Session&, const SweepCommand&, const StylizeOptions&);

/// The name of what a sweep changes: "strength" of "strength=0:100:5".
std::string swept_name(const std::string& sweep);

}  // namespace impasto::cli
