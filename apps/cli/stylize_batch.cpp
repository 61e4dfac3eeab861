#include "stylize_batch.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "painting.h"
#include "print.h"
#include "stylize_files.h"
#include "stylize_plan.h"
#include "words.h"

namespace impasto::cli {

namespace fs = std::filesystem;

namespace {

class BatchTeller final : public BatchProgress {
 public:
  explicit BatchTeller(Verbosity verbosity) : verbosity_(verbosity), terminal_(verbosity) {}

  void report(const ProgressReport& r) override { terminal_.report(r); }
  bool cancelled() override { return terminal_.cancelled(); }
  void end_line() { terminal_.end_line(); }

  void noted(const std::string& note) override { terminal_.note(note); }
  bool wants_judgement(const StylizeResult& result) override {
    return is_judged(result, verbosity_);
  }
  void finished(const BatchJob& job, const BatchOutcome& outcome) override {
    using End = BatchOutcome::End;
    // One bad painting fails with every photograph; once is enough to know.
    if (outcome.end == End::failed && told_.insert(outcome.error).second) {
      terminal_.clear_line();
      print_message(outcome.error);
    }
    if (verbosity_ == Verbosity::normal && outcome.judged) {
      terminal_.clear_line();
      tell_warnings(*outcome.judged, job.output + ": ");
    }
    if (verbosity_ != Verbosity::json) return;
    nlohmann::json line = {
        {"event", "picture"}, {"photo", job.photo}, {"styles", job.styles}, {"output", job.output}};
    switch (outcome.end) {
      case End::painted:
        line["status"] = "painted";
        line["width"] = outcome.width;
        line["height"] = outcome.height;
        line["seconds"] = outcome.seconds;
        if (outcome.judged) {
          for (const auto& [name, score] : scores_of(*outcome.judged)) line["scores"][name] = score;
          line["warnings"] = warnings_of(*outcome.judged);
        }
        break;
      case End::skipped:
        line["status"] = "skipped";
        break;
      case End::failed:
        line["status"] = "failed";
        line["error"] = with_flags(outcome.error);
        break;
    }
    print_json(line);
  }

 private:
  const Verbosity verbosity_;
  TerminalProgress terminal_;
  std::set<std::string> told_;
};

void tell(const Batch& batch, const BatchResult& r, Verbosity verbosity) {
  const size_t left = batch.jobs.size() - r.painted - r.skipped - r.failed;
  if (verbosity == Verbosity::json) {
    print_json(nlohmann::json{{"event", "done"},
                              {"output", batch.folder},
                              {"painted", r.painted},
                              {"skipped", r.skipped},
                              {"failed", r.failed},
                              {"left", left},
                              {"cancelled", r.cancelled},
                              {"seconds", r.seconds},
                              {"painting_seconds", r.painting_seconds}});
  } else if (verbosity == Verbosity::normal) {
    std::string text = batch.folder + ": " + std::to_string(r.painted) + " painted";
    if (r.skipped > 0) text += ", " + std::to_string(r.skipped) + " done before";
    if (r.failed > 0) text += ", " + std::to_string(r.failed) + " failed";
    if (left > 0) {
      text += ", " + std::to_string(left) + " left: the same command goes on from here";
    }
    std::fprintf(stderr, "%s%s, %.1f s\n", r.cancelled ? "stopped; " : "", text.c_str(), r.seconds);
  }
}

// A folder called out.jpg is hardly what was meant.
void check_output_name(const BatchFiles& files) {
  std::error_code ignored;
  if (!fs::path(files.output).has_extension() || fs::exists(files.output, ignored)) return;
  std::string reason = files.photos.size() > 1 ? "there are several photographs"
                                               : "--format and --pairing are for one";
  for (const auto* given : {&files.styles, &files.photos}) {
    const auto folder = std::find_if(given->begin(), given->end(), is_folder);
    if (folder != given->end()) reason = *folder + " is one";
  }
  throw Error(ErrorCode::usage, "--output: expected a folder, as " + reason + ", found '" +
                                    files.output + "' (end it with / if it is to be one)");
}

}  // namespace

bool is_batch(const BatchFiles& files, const BatchOptions& options) {
  return files.photos.size() > 1 || options.pairing || !options.result.format.empty() ||
         is_folder(files.output) ||
         std::any_of(files.photos.begin(), files.photos.end(), is_folder) ||
         std::any_of(files.styles.begin(), files.styles.end(), is_folder);
}

int run_batch(Session& session, const BatchFiles& files, const BatchOptions& of_batch,
              const StylizeOptions& options, Verbosity verbosity, bool dry_run) {
  check_output_name(files);
  const Batch batch = plan_batch(files, of_batch);
  BatchTeller teller(verbosity);
  for (const std::string& note : batch.notes) teller.noted(note);
  StylizeOptions with_weights = options;
  if (batch.jobs.front().styles.empty()) {
    with_weights.style_weights.clear();
  } else if (options.style_weights.size() != batch.jobs.front().styles.size()) {
    if (std::any_of(options.style_weights.begin(), options.style_weights.end(),
                    [](double weight) { return weight != 1; })) {
      throw Error(ErrorCode::usage,
                  "--style PAINTING:WEIGHT is for mixtures, but here every painting is a style of "
                  "its own (--pairing, or a folder of paintings)");
    }
    with_weights.style_weights = {1};
  }
  if (dry_run) return print_batch_plan(session, batch, with_weights, verbosity);
  catch_interrupts();
  const BatchResult result = stylize_batch(session, batch, with_weights, teller);
  teller.end_line();
  tell(batch, result, verbosity);
  return result.cancelled ? stopped : result.failed > 0 ? some_failed : 0;
}

}  // namespace impasto::cli
