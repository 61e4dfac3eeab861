#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>

#include "commands.h"
#include "impasto/assess.h"
#include "impasto/error.h"
#include "impasto/output.h"
#include "impasto/stylize.h"
#include "painting.h"
#include "standard_input.h"
#include "stylize_arguments.h"
#include "stylize_batch.h"
#include "stylize_files.h"
#include "stylize_plan.h"
#include "stylize_sweep.h"
#include "terminal.h"
#include "words.h"

namespace impasto::cli {

namespace {

void check_all_outputs(const StylizeArguments& a, const StylizeFiles& files) {
  check_outputs(a, files);
  if (!a.report.empty()) refuse_overwriting(a.report, files);
  if (!a.report.empty()) check_output(a.report);
}

// As it was planned before the pictures were read, or as is decided now.
StylizeResult paint(Session& session, const std::optional<Job>& job, const StylizePictures& from,
                    const StylizeOptions& options, Progress& progress) {
  if (!job) return stylize(session, from.content, from.styles, from.regions, options, progress);
  // For the time of this call; nothing that is learned of them is kept.
  std::vector<SharedPainting> styles;
  for (const Painting& style : from.styles) styles.emplace_back(SharedPainting(), &style);
  Stylizer stylizer(session, options);
  stylizer.set_regions(from.regions);
  return stylizer.paint(*job, SharedImage(SharedImage(), &from.content), styles, progress);
}

int run_stylize(const StylizeArguments& a) {
  StylizeFiles files;
  StylizeOptions options;
  check_options(a);
  SessionOptions session_options;
  resolve(a, files, options, session_options);
  const Verbosity verbosity = verbosity_of(a);
  if (!a.sweeps.empty()) {
    check_sweeps(a);
    const SweepCommand sweep{a.sweeps, files, a, verbosity};
    Session session(session_options);
    return a.dry_run ? print_sweep_plan(session, sweep, options)
                     : run_sweep(session, sweep, options);
  }
  const BatchFiles batch{a.photos.empty() ? std::vector{files.content} : a.photos, files.styles,
                         a.output, files.regions};
  BatchOptions of_batch;
  set_given(batch_options(), of_batch, a.options);
  if (a.to_stream()) of_batch.result.format.clear();  // that is the one result's
  if (is_batch(batch, of_batch)) {
    check_batch(a);
    Session session(session_options);
    return run_batch(session, batch, of_batch, options, verbosity, a.dry_run);
  }
  check_all_outputs(a, files);

  const std::string name = result_name(a);
  session_options.keep_networks = false;
  Session session(session_options);
  if (a.dry_run) return print_plan(session, files, a, options, verbosity);
  std::optional<Job> job;
  if (a.save_every || is_to_be_planned(session, files)) {
    job = plan_picture(session, files, name, options);
  }
  StepPictures steps;
  if (a.save_every) steps = {save_every(a), a.output, *job, files, write_options(a)};
  const StylizePictures pictures =
      read_pictures(files, verbosity, job ? job->storage : Storage::memory);

  catch_interrupts();
  PreviewProgress progress(verbosity, a.preview, steps);
  const StylizeResult result = paint(session, job, pictures, options, progress);
  progress.end_line();
  if (!result.painted) return tell_nothing_painted(a.output, verbosity);

  write_result(a, result.image, make_recipe(files, options, result), progress);
  progress.end_line();
  std::optional<Assessment> judged;
  if (is_judged(result, verbosity) || !a.report.empty())
    judged = assess(session, pictures.content, pictures.styles, pictures.regions, options, result);
  if (!a.report.empty()) {
    const std::string report =
        judged ? stylize_report(pictures.content, pictures.styles, files, options, result, *judged)
               : stylize_report(pictures.content, pictures.styles, files, options, result);
    write_text(a.report, with_flags(as_given(report)));
  }
  return tell_result(a.output, result, verbosity, judged ? &*judged : nullptr);
}

}  // namespace

void add_stylize(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("stylize", "Paint a photograph in the manner of a painting");
  const auto a = add_stylize_arguments(*command);
  command->callback([a, &run] { run = [a] { return run_stylize(*a); }; });
}

}  // namespace impasto::cli
