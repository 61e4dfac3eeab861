#include "plan_text.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "print.h"
#include "result_file.h"
#include "standard_input.h"

namespace impasto::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Size& size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
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
               {"quality", name_of(plan.quality)},
               {"reason", plan.reason},
               {"method", name_of(plan.method)},
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

void print_lines(const StylizePlan& plan, const std::string& output) {
  std::printf("%s: %s, quality %s (%s)\n", name_of_output(output).c_str(),
              text_of(plan.size).c_str(), name_of(plan.quality), plan.reason.c_str());
  for (const PlannedStage& stage : plan.stages) std::printf("  %s\n", text_of(stage).c_str());
  std::printf("  %s, %s may be taken; about %s\n", memory_of(plan).c_str(),
              text_of_bytes(plan.limit_bytes).c_str(), text_of_seconds(plan.seconds).c_str());
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

std::string memory_of(const StylizePlan& plan) {
  return text_of_bytes(plan.peak_bytes) + " of memory" +
         (plan.storage == Storage::file ? ", large pictures in files" : "");
}

static void print_plan(const StylizePlan& plan, const std::vector<PlannedInput>& inputs,
                       const std::string& output) {
  Json line = json_of(plan);
  for (const PlannedInput& input : inputs) {
    std::vector<std::string> files;
    for (const std::string& file : input.files) files.push_back(as_given(file));
    line[input.name] = input.list ? Json(files) : Json(files.at(0));
  }
  line["output"] = output;
  print_json(line);
}

int tell_plan(const StylizePlan& plan, const std::vector<PlannedInput>& inputs,
              const std::string& output, Verbosity verbosity) {
  if (verbosity == Verbosity::json) {
    print_plan(plan, inputs, output);
  } else {
    print_lines(plan, output);
  }
  return 0;
}

void tell_plan_shortly(const StylizePlan& plan, const std::vector<PlannedInput>& inputs,
                       const std::string& output, Verbosity verbosity) {
  if (verbosity == Verbosity::json) return print_plan(plan, inputs, output);
  std::printf("%s: %s, quality %s, %s, about %s\n", output.c_str(), text_of(plan.size).c_str(),
              name_of(plan.quality), memory_of(plan).c_str(),
              text_of_seconds(plan.seconds).c_str());
}

}  // namespace impasto::cli
