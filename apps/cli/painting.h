#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "impasto/assess.h"
#include "impasto/stylize.h"
#include "result_file.h"
#include "step_pictures.h"
#include "terminal.h"

namespace CLI {
class App;
}

namespace impasto::cli {

/// What is given to every command that paints a picture.
struct PaintingArguments : ResultArguments {
  std::string preview;
  bool quiet = false, json = false, dry_run = false;
};

/// Throws Error{usage} when two options are given that contradict each other, and why.
void refuse_together(const PaintingArguments&, const std::string& one, const std::string& other,
                     const std::string& why);
/// Those of every command that paints.
void check_contradictions(const PaintingArguments&);
/// Nobody's picture is overwritten, and nobody waits for one that cannot be saved. Throws Error.
void check_outputs(const PaintingArguments&, const StylizeFiles& inputs);
Verbosity verbosity_of(const PaintingArguments&);

/// Adds -o and what goes with it, --preview, -q, --json and --dry-run, where a file is painted.
void add_outputs(CLI::App& command, PaintingArguments&);

/// The session's options, as they were given. A command that paints one picture need not keep its
/// networks.
SessionOptions session_for_one(const GivenOptions& given);

/// Keeps a file up to date with what is being painted, and writes what is to be kept on the way.
/// One that cannot be written is no reason to lose the painting: that is noted, once.
class PreviewProgress final : public TerminalProgress {
 public:
  /// No preview for "".
  PreviewProgress(Verbosity verbosity, std::string preview_path, StepPictures steps = {})
      : TerminalProgress(verbosity),
        preview_path_(std::move(preview_path)),
        steps_(std::move(steps)) {}
  void report(const ProgressReport&) override;
  bool wants_preview() override { return wants_step() || !preview_path_.empty(); }
  double preview_interval() override { return wants_step() ? 0 : Progress::preview_interval(); }
  void preview(const Image&) override;

 private:
  bool wants_step() const { return step_ != saved_step_ && steps_.wanted(step_); }
  /// Notes that writing fails, unless that was `noted`.
  void try_to(const std::function<void()>& write, bool& noted);

  std::string preview_path_;
  StepPictures steps_;
  int step_ = 0, saved_step_ = 0;
  std::chrono::steady_clock::time_point last_preview_;
  bool preview_noted_ = false, step_noted_ = false;
};

/// Whether a result is to be judged: what assess() takes is little beside an optimisation; beside a
/// draft it has to be asked for.
bool is_judged(const StylizeResult&, Verbosity);
/// As they are told.
std::vector<std::string> warnings_of(const Assessment&);
/// On standard error, a line each.
void tell_warnings(const Assessment&, const std::string& before = "");

/// Tells how a picture came out that is in `output`, and what was judged of it. The exit status: 0,
/// or 130 when it was stopped.
int tell_result(const std::string& output, const StylizeResult&, Verbosity,
                const Assessment* = nullptr);

/// The same where nothing was painted, and so nothing is written.
int tell_nothing_painted(const std::string& output, Verbosity);

/// Writes a result with its recipe and tells how it came out, judged by `judge` unless nothing is
/// to be said. Returns what tell_result() does.
int save_result(const PaintingArguments&, const StylizeResult&, const std::string& recipe,
                TerminalProgress&, const std::function<Assessment()>& judge);

}  // namespace impasto::cli
