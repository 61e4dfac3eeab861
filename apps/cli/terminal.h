#pragma once

#include <chrono>
#include <string>

#include "impasto/progress.h"

namespace impasto::cli {

/// Exit status of what was stopped by a signal; beside those of main.cpp.
constexpr int stopped = 130;

/// How long jobs take signals: Ctrl-C, SIGTERM and a terminal that is closed (unless nohup keeps
/// the program from that) ask the job to stop and save; a second Ctrl-C or SIGTERM ends the program
/// at once with status 130, without half-written files.
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
  /// A line of its own: what should be known, but is no error.
  void note(const std::string& text);
  /// Takes that line away, on a terminal, to make room for a result.
  void clear_line();

 private:
  Verbosity verbosity_;
  bool terminal_;
  bool line_open_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace impasto::cli
