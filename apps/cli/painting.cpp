#include "painting.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "impasto/error.h"
#include "print.h"
#include "stylize_files.h"
#include "words.h"

namespace impasto::cli {

SessionOptions session_for_one(const GivenOptions& given) {
  SessionOptions options;
  options.keep_networks = false;
  set_given(session_options(), options, given);
  return options;
}

void refuse_together(const PaintingArguments& a, const std::string& one, const std::string& other,
                     const std::string& why) {
  if (a.options.count(one) && a.options.count(other)) {
    throw Error(ErrorCode::usage,
                "--" + one + " and --" + other + " contradict each other: " + why);
  }
}

void check_contradictions(const PaintingArguments& a) {
  if (a.quiet && a.json) throw Error(ErrorCode::usage, "--quiet and --json contradict each other");
  if (a.quiet && a.dry_run) {
    throw Error(ErrorCode::usage, "--quiet and --dry-run contradict each other");
  }
  refuse_together(a, "time", "iterations", "the time decides how many steps there are");
}

void add_outputs(CLI::App& command, PaintingArguments& a) {
  command
      .add_option("-o,--output", a.output,
                  "Where the result goes; its ending is the format; -: standard output")
      ->type_name("FILE")
      ->required();
  add_result_options(command, a);
  command.add_option("--preview", a.preview, "Refresh this picture while painting")
      ->type_name("FILE");
  command.add_flag("-q,--quiet", a.quiet, "Print nothing but errors");
  command.add_flag("--dry-run", a.dry_run,
                   "Only print the plan: sizes, steps, memory and time of what would be painted; "
                   "nothing but the files' headers is read, nothing is written");
  command.add_flag("--json", a.json,
                   "Progress and result as JSON lines; the result with scores (docs/scores.md)");
}

void check_outputs(const PaintingArguments& a, const StylizeFiles& inputs) {
  check_result(a);
  std::vector<std::string> outputs;
  if (!a.to_stream()) outputs.push_back(a.output);
  if (!a.preview.empty()) outputs.push_back(a.preview);
  for (const std::string& output : outputs) refuse_overwriting(output, inputs);
  for (const std::string& output : outputs) check_writable(output);
}

Verbosity verbosity_of(const PaintingArguments& a) {
  return verbosity_of(a.quiet, a.json);
}

void PreviewProgress::report(const ProgressReport& r) {
  step_ = r.step;
  TerminalProgress::report(r);
}

void PreviewProgress::preview(const Image& image) {
  if (wants_step()) {
    saved_step_ = step_;
    try_to([&] { steps_.save(step_, image); }, step_noted_);
  }
  // A step may have been wanted sooner than the next preview.
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> interval(Progress::preview_interval());
  if (preview_path_.empty() || now - last_preview_ < interval) return;
  last_preview_ = now;
  try_to([&] { write_image(image, preview_path_); }, preview_noted_);
}

void PreviewProgress::try_to(const std::function<void()>& write, bool& noted) {
  try {
    write();
  } catch (const Error& e) {
    if (!noted) note(e.what());
    noted = true;
  }
}

bool is_judged(const StylizeResult& result, Verbosity verbosity) {
  return verbosity == Verbosity::json ||
         (verbosity == Verbosity::normal && result.quality != Quality::draft);
}

void tell_warnings(const Assessment& judged, const std::string& before) {
  for (const std::string& warning : judged.warnings) {
    print_message("warning: " + before + warning);
  }
}

std::vector<std::string> warnings_of(const Assessment& judged) {
  std::vector<std::string> warnings;
  for (const std::string& warning : judged.warnings) warnings.push_back(with_flags(warning));
  return warnings;
}

// Nothing goes among a picture's bytes.
static void print_done(const std::string& output, const nlohmann::json& line) {
  if (output != stream) return print_json(line);
  std::fprintf(stderr, "%s\n", text_of_json(line).c_str());
}

int tell_nothing_painted(const std::string& output, Verbosity verbosity) {
  if (verbosity == Verbosity::json) {
    print_done(output, {{"event", "done"}, {"output", nullptr}, {"cancelled", true}});
  } else if (verbosity == Verbosity::normal) {
    std::fprintf(stderr, "stopped before anything was painted; nothing is written\n");
  }
  return stopped;
}

int tell_result(const std::string& output, const StylizeResult& result, Verbosity verbosity,
                const Assessment* judged) {
  if (verbosity == Verbosity::json) {
    nlohmann::json line = {{"event", "done"},
                           {"output", output},
                           {"width", result.image.width()},
                           {"height", result.image.height()},
                           {"seconds", result.seconds},
                           {"cancelled", result.cancelled},
                           {"precision", name_of(result.precision)},
                           {"quality", name_of(result.quality)},
                           {"planned_bytes", result.planned_bytes}};
    if (!result.losses.empty()) {
      for (const auto& [term, value] : result.losses.back().terms) line["losses"][term] = value;
    }
    if (judged) {
      for (const auto& [name, score] : scores_of(*judged)) line["scores"][name] = score;
      line["warnings"] = warnings_of(*judged);
    }
    print_done(output, line);
  } else if (verbosity == Verbosity::normal) {
    std::fprintf(stderr, "%s%s, %dx%d, %.1f s, quality %s\n",
                 result.cancelled ? "stopped; the best so far is in " : "",
                 name_of_output(output).c_str(), result.image.width(), result.image.height(),
                 result.seconds, name_of(result.quality));
    if (judged) tell_warnings(*judged);
  }
  return result.cancelled ? stopped : 0;
}

int save_result(const PaintingArguments& a, const StylizeResult& result, const std::string& recipe,
                TerminalProgress& progress, const std::function<Assessment()>& judge) {
  if (!result.painted) return tell_nothing_painted(a.output, verbosity_of(a));
  write_result(a, result.image, recipe, progress);
  progress.end_line();
  if (a.quiet) return tell_result(a.output, result, verbosity_of(a));
  const Assessment judged = judge();
  return tell_result(a.output, result, verbosity_of(a), &judged);
}

}  // namespace impasto::cli
