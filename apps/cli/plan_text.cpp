#include "plan_text.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "print.h"
#include "result_file.h"
#include "standard_input.h"
#include "words.h"

namespace impasto::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Size& size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

std::string optimizer_of(const JobStage& stage, const StylizeOptions& options) {
  if (options.optimizer == OptimizerKind::adam) return "adam";
  return stage.lean ? "memoryless bfgs" : "l-bfgs";
}
int octaves_of(const JobStage& stage, const StylizeOptions& options) {
  return options.unknown == UnknownKind::pyramid ? stage.octaves : 1;
}

Json json_of(const JobStage& stage, const StylizeOptions& options) {
  Json json = {{"stage", name_of(stage.kind)},
               {"width", stage.size.width},
               {"height", stage.size.height},
               {"seconds", stage.seconds}};
  if (stage.kind == StageKind::optimize) {
    json["steps"] = stage.steps;
    json["optimizer"] = optimizer_of(stage, options);
    json["octaves"] = octaves_of(stage, options);
  }
  if (stage.kind != StageKind::by_edges) {
    json["windows"] = stage.windows;
    json["window_width"] = stage.window.width;
    json["window_height"] = stage.window.height;
  }
  return json;
}

Json json_of(const Job& job) {
  Json json = {{"event", "plan"},
               {"width", job.size.width},
               {"height", job.size.height},
               {"quality", name_of(job.quality)},
               {"reason", with_flags(job.reason)},
               {"method", name_of(job.options.method)},
               {"storage", job.storage == Storage::file ? "file" : "memory"},
               {"peak_bytes", job.peak_bytes},
               {"limit_bytes", job.limit_bytes},
               {"seconds", job.seconds}};
  for (const JobStage& stage : job.stages) json["stages"].push_back(json_of(stage, job.options));
  return json;
}

std::string text_of(const JobStage& stage, const StylizeOptions& options) {
  std::string text = text_of(stage.size);
  text.resize(std::max<size_t>(text.size() + 1, 14), ' ');
  const bool descends = stage.kind == StageKind::optimize;
  if (descends) text += std::to_string(stage.steps) + " steps";
  if (stage.kind == StageKind::at_once) text += "painted at once";
  if (stage.kind == StageKind::enlarge) text += "enlarged by painting";
  if (stage.kind == StageKind::by_edges) text += "enlarged along the photograph's edges";
  if (stage.windows > 1) {
    text += ", " + std::to_string(stage.windows) + " windows of " + text_of(stage.window);
    if (descends) text += ", " + optimizer_of(stage, options);
    if (descends && octaves_of(stage, options) == 1) text += " on pixels";
  }
  return text;
}

void print_lines(const Job& job, const std::string& output) {
  std::printf("%s: %s, quality %s (%s)\n", name_of_output(output).c_str(),
              text_of(job.size).c_str(), name_of(job.quality), with_flags(job.reason).c_str());
  for (const JobStage& stage : job.stages)
    std::printf("  %s\n", text_of(stage, job.options).c_str());
  std::printf("  %s, %s may be taken; about %s\n", memory_of(job).c_str(),
              text_of_bytes(job.limit_bytes).c_str(), text_of_seconds(job.seconds).c_str());
}

}  // namespace

std::string text_of_bytes(size_t bytes) {
  return std::to_string((bytes + (size_t{1} << 20) - 1) >> 20) + " MiB";
}

std::string text_of_seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  return text;
}

std::string memory_of(const Job& job) {
  return text_of_bytes(job.peak_bytes) + " of memory" +
         (job.storage == Storage::file ? ", large pictures in files" : "");
}

static void print_plan(const Job& job, const std::vector<PlannedInput>& inputs,
                       const std::string& output) {
  Json line = json_of(job);
  for (const PlannedInput& input : inputs) {
    std::vector<std::string> files;
    for (const std::string& file : input.files) files.push_back(as_given(file));
    line[input.name] = input.list ? Json(files) : Json(files.at(0));
  }
  line["output"] = output;
  print_json(line);
}

int tell_plan(const Job& job, const std::vector<PlannedInput>& inputs, const std::string& output,
              Verbosity verbosity) {
  if (verbosity == Verbosity::json) {
    print_plan(job, inputs, output);
  } else {
    print_lines(job, output);
  }
  return 0;
}

void tell_plan_shortly(const Job& job, const std::vector<PlannedInput>& inputs,
                       const std::string& output, Verbosity verbosity) {
  if (verbosity == Verbosity::json) return print_plan(job, inputs, output);
  std::printf("%s: %s, quality %s, %s, about %s\n", output.c_str(), text_of(job.size).c_str(),
              name_of(job.quality), memory_of(job).c_str(), text_of_seconds(job.seconds).c_str());
}

}  // namespace impasto::cli
