#pragma once

#include <string>
#include <vector>

#include "impasto/job.h"
#include "terminal.h"

namespace impasto::cli {

// Plans in words, for --dry-run.

std::string text_of_bytes(size_t bytes);      ///< "123 MiB"
std::string text_of_seconds(double seconds);  ///< "1.5 s"
/// "123 MiB of memory, large pictures in files"
std::string memory_of(const Job&);

/// What goes into a run, by the name that it has in JSON.
struct PlannedInput {
  std::string name;
  std::vector<std::string> files;
  bool list = false;  ///< an array in JSON, however many there are
};

/// Prints a plan for the file `output`, with --json as one line that ends with `inputs` and
/// `output`. Returns the exit status.
int tell_plan(const Job&, const std::vector<PlannedInput>&, const std::string& output, Verbosity);
/// Its size, quality, memory and time on one line, or the same JSON.
void tell_plan_shortly(const Job&, const std::vector<PlannedInput>&, const std::string& output,
                       Verbosity);

}  // namespace impasto::cli
