#include "stylize_plan.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "frame_names.h"
#include "impasto/error.h"
#include "impasto/sweep.h"
#include "plan_text.h"
#include "print.h"
#include "stylize_batch.h"

namespace impasto::cli {

Job plan_picture(Session& session, const StylizeFiles& files, const std::string& output,
                 const StylizeOptions& options) {
  return plan_file_job(session, {.files = files, .output = output, .options = options}).job;
}

bool is_to_be_planned(const Session& session, const StylizeFiles& files) {
  constexpr size_t large = size_t{128} << 20;  // smaller ones are planned when they are painted
  return session.options().max_memory > 0 ||
         read_header(files.content, {.compact = true}).bytes() >= large;
}

int print_plan(Session& session, const StylizeFiles& files, const ResultArguments& result,
               const StylizeOptions& options, Verbosity verbosity) {
  const Job job = plan_picture(session, files, result_name(result), options);
  return tell_plan(job, {{"photo", {files.content}}, {"styles", files.styles, true}}, result.output,
                   verbosity);
}

int print_batch_plan(Session& session, const Batch& batch, const StylizeOptions& options,
                     Verbosity verbosity) {
  Stylizer stylizer(session, options_of_batch(session, batch, options), reserved_in_batch(session));
  std::set<std::string> told;
  size_t possible = 0, peak = 0;
  double seconds = 0;
  for (const BatchJob& job : batch.jobs) {
    try {
      const StylizeHeaders headers = read_headers({job.photo, job.styles, {}, batch.regions});
      const Job plan = stylizer.plan(headers.content, headers.styles, job.output, headers.masks);
      ++possible;
      peak = std::max(peak, plan.peak_bytes);
      seconds += plan.seconds;
      tell_plan_shortly(plan, {{"photo", {job.photo}}, {"styles", job.styles, true}}, job.output,
                        verbosity);
    } catch (const Error& e) {
      if (e.code() == ErrorCode::usage) throw;  // about the options, not about the picture
      if (told.insert(e.what()).second) print_message(e.what());
    }
  }
  const size_t failed = batch.jobs.size() - possible;
  if (verbosity == Verbosity::json) {
    const nlohmann::ordered_json line = {{"event", "planned"},   {"output", batch.folder},
                                         {"pictures", possible}, {"failed", failed},
                                         {"peak_bytes", peak},   {"seconds", seconds}};
    print_json(line);
  } else {
    std::printf("%s: %zu pictures, %s of memory at most, about %s\n", batch.folder.c_str(),
                possible, text_of_bytes(peak).c_str(), text_of_seconds(seconds).c_str());
  }
  return failed > 0 ? some_failed : 0;
}

int print_sweep_plan(Session& session, const SweepCommand& command, const StylizeOptions& options) {
  const StylizeHeaders headers = read_headers(command.files);
  Sweep sweep = plan_sweep(command.sweeps, options, command.files.styles.size());
  size_t sheet_bytes = 0;
  if (!asks_for_frames(command.result.output)) {
    const SweepSheet sheet(session, sweep, headers.content);
    sheet_bytes = sheet.bytes(result_size(headers.content, sweep.cells.front().size));
  }
  Job plan = plan_cells(session, headers.content, headers.styles, sweep, headers.masks);
  plan.peak_bytes += sheet_bytes;
  const std::string cells = name_of_output(command.result.output) + ": " +
                            std::to_string(sweep.columns) + " x " + std::to_string(sweep.rows) +
                            " cells";
  return tell_plan(plan, {}, cells, Verbosity::normal);
}

}  // namespace impasto::cli
