#pragma once

#include <chrono>
#include <string>

#include "impasto/progress.h"

namespace impasto::cli {

/// Installs the Ctrl-C handling of long jobs: the first asks the job to stop and save, the second
/// ends the program at once with status 130.
void catch_interrupts();
bool interrupted();

enum class Verbosity { quiet, normal, json };
constexpr Verbosity verbosity_of(bool quiet, bool json) {
  return quiet ? Verbosity::quiet : json ? Verbosity::json : Verbosity::normal;
}

/// Progress on standard error: one line that is rewritten on a terminal, a line every few seconds
/// elsewhere, one JSON object a line with --json.
class TerminalProgress : public Progress {
 public:
  explicit TerminalProgress(Verbosity verbosity);
  ~TerminalProgress() override;
  void report(const ProgressReport&) override;
  bool cancelled() override { return interrupted(); }
  /// Ends the line that is being rewritten.
  void end_line();
  /// Takes that line away, on a terminal, to make room for a result.
  void clear_line();

 private:
  Verbosity verbosity_;
  bool terminal_;
  bool line_open_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace impasto::cli
