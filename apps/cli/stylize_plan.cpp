#include "stylize_plan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "frame_names.h"
#include "impasto/error.h"
#include "impasto/style_file.h"
#include "impasto/sweep.h"

namespace impasto::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr int some_failed = 8;  // as of batches

void print(const Json& line) {  // file names need not be UTF-8
  std::printf("%s\n", line.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

std::string text_of(const Size& size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

std::string text_of(size_t bytes) {
  return std::to_string((bytes + (size_t{1} << 20) - 1) >> 20) + " MiB";
}

std::string text_of_seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  return text;
}

Json json_of(const PlannedStage& stage) {
  Json json = {{"stage", stage.name},
               {"width", stage.size.width},
               {"height", stage.size.height},
               {"seconds", stage.seconds}};
  if (stage.steps > 0) json["steps"] = stage.steps;
  if (!stage.optimizer.empty()) {
    json["optimizer"] = stage.optimizer;
    json["octaves"] = stage.octaves;
  }
  if (stage.windows > 0) {
    json["windows"] = stage.windows;
    json["window_width"] = stage.window.width;
    json["window_height"] = stage.window.height;
  }
  return json;
}

Json json_of(const StylizePlan& plan) {
  Json json = {{"event", "plan"},
               {"width", plan.size.width},
               {"height", plan.size.height},
               {"quality", plan.quality},
               {"reason", plan.reason},
               {"method", plan.method},
               {"storage", plan.storage == Storage::file ? "file" : "memory"},
               {"peak_bytes", plan.peak_bytes},
               {"limit_bytes", plan.limit_bytes},
               {"seconds", plan.seconds}};
  for (const PlannedStage& stage : plan.stages) json["stages"].push_back(json_of(stage));
  return json;
}

std::string text_of(const PlannedStage& stage) {
  std::string text = text_of(stage.size);
  text.resize(std::max<size_t>(text.size() + 1, 14), ' ');
  if (stage.steps > 0) text += std::to_string(stage.steps) + " steps";
  if (stage.name == "at once") text += "painted at once";
  if (stage.name == "enlarge") text += "enlarged by painting";
  if (stage.name == "guide") text += "enlarged along the photograph's edges";
  if (stage.windows > 1) {
    text += ", " + std::to_string(stage.windows) + " windows of " + text_of(stage.window);
    if (!stage.optimizer.empty()) text += ", " + stage.optimizer;
    if (stage.octaves == 1) text += " on pixels";
  }
  return text;
}

std::string memory_of(const StylizePlan& plan) {
  return text_of(plan.peak_bytes) + " of memory" +
         (plan.storage == Storage::file ? ", large pictures in files" : "");
}

void print_lines(const StylizePlan& plan, const std::string& output) {
  std::printf("%s: %s, quality %s (%s)\n", output.c_str(), text_of(plan.size).c_str(),
              plan.quality.c_str(), plan.reason.c_str());
  for (const PlannedStage& stage : plan.stages) std::printf("  %s\n", text_of(stage).c_str());
  std::printf("  %s, %s may be taken; about %s\n", memory_of(plan).c_str(),
              text_of(plan.limit_bytes).c_str(), text_of_seconds(plan.seconds).c_str());
}

}  // namespace

StylizeHeaders read_headers(const StylizeFiles& files) {
  const ReadOptions compact{.compact = true};
  StylizeHeaders headers{read_header(files.content, compact), {}};
  for (const std::string& style : files.styles) {
    headers.styles.push_back(read_painting_header(style, compact));
  }
  for (const RegionFiles::Part& part : files.regions.parts) {
    headers.styles.push_back(read_painting_header(part.style, compact));
  }
  return headers;
}

// Of regions, the paintings have no weights among each other.
static StylizePlan plan_of(const StylizeFiles& files, const std::string& output,
                           StylizeOptions options) {
  if (!files.regions.empty()) options.style_weights.clear();
  const StylizeHeaders headers = read_headers(files);
  return Stylizer(options).plan(headers.content, headers.styles, output);
}

Storage planned_storage(const StylizeFiles& files, const std::string& output,
                        const StylizeOptions& options) {
  constexpr size_t small = size_t{128} << 20;
  if (options.max_memory == 0) {  // small pictures are planned when they are painted
    if (read_header(files.content, {.compact = true}).outline.bytes() < small) {
      return Storage::memory;
    }
  }
  return plan_of(files, output, options).storage;
}

int print_plan(const StylizeFiles& files, const std::string& output, const StylizeOptions& options,
               Verbosity verbosity) {
  const StylizePlan plan = plan_of(files, output, options);
  if (verbosity == Verbosity::json) {
    Json line = json_of(plan);
    line["photo"] = files.content;
    line["styles"] = files.styles;
    line["output"] = output;
    print(line);
  } else {
    print_lines(plan, output);
  }
  return 0;
}

int print_batch_plan(const Batch& batch, const StylizeOptions& options, Verbosity verbosity) {
  StylizeOptions each = options_in_batch(options);
  if (!batch.regions.empty()) each.style_weights.clear();
  Stylizer stylizer(each);
  std::set<std::string> told;
  size_t possible = 0, peak = 0;
  double seconds = 0;
  for (const BatchJob& job : batch.jobs) {
    try {
      const StylizeHeaders headers = read_headers({job.photo, job.styles, {}, batch.regions});
      const StylizePlan plan = stylizer.plan(headers.content, headers.styles, job.output);
      ++possible;
      peak = std::max(peak, plan.peak_bytes);
      seconds += plan.seconds;
      if (verbosity == Verbosity::json) {
        Json line = json_of(plan);
        line["photo"] = job.photo;
        line["styles"] = job.styles;
        line["output"] = job.output;
        print(line);
      } else {
        std::printf("%s: %s, quality %s, %s, about %s\n", job.output.c_str(),
                    text_of(plan.size).c_str(), plan.quality.c_str(), memory_of(plan).c_str(),
                    text_of_seconds(plan.seconds).c_str());
      }
    } catch (const Error& e) {
      if (e.code() == ErrorCode::usage) throw;  // about the options, not about the picture
      if (told.insert(e.what()).second) std::fprintf(stderr, "impasto: %s\n", e.what());
    }
  }
  const size_t failed = batch.jobs.size() - possible;
  if (verbosity == Verbosity::json) {
    print({{"event", "planned"},
           {"output", batch.folder},
           {"pictures", possible},
           {"failed", failed},
           {"peak_bytes", peak},
           {"seconds", seconds}});
  } else {
    std::printf("%s: %zu pictures, %s of memory at most, about %s\n", batch.folder.c_str(),
                possible, text_of(peak).c_str(), text_of_seconds(seconds).c_str());
  }
  return failed > 0 ? some_failed : 0;
}

int print_sweep_plan(const SweepCommand& command, const StylizeOptions& options) {
  const StylizeHeaders headers = read_headers(command.files);
  Sweep sweep = plan_sweep(command.sweeps, options, command.files.styles.size());
  for (StylizeOptions& cell : sweep.cells) {
    if (!command.files.regions.empty()) cell.style_weights.clear();
  }
  size_t sheet_bytes = 0;
  if (!asks_for_frames(command.output)) {
    const SweepSheet sheet(sweep, headers.content.outline);
    const StylizeOptions& cell = sweep.cells.front();
    const Image& photo = headers.content.outline;
    sheet_bytes = sheet.bytes(cell.size > 0 ? scaled_to(photo, cell.size)
                                            : Size{photo.width(), photo.height()});
  }
  StylizePlan plan = plan_cells(headers.content, headers.styles, sweep);
  plan.peak_bytes += sheet_bytes;
  print_lines(plan, command.output + ": " + std::to_string(sweep.columns) + " x " +
                        std::to_string(sweep.rows) + " cells");
  return 0;
}

}  // namespace impasto::cli
