// Jobs as text, and back. The text may come from anywhere: what it says is checked.

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <type_traits>

#include "base/json_text.h"
#include "base/promise.h"
#include "image/size.h"
#include "impasto/error.h"
#include "impasto/file_job.h"
#include "impasto/version.h"
#include "instant/instant.h"
#include "jobs/job_key.h"
#include "options/checks.h"
#include "options/option_table.h"

namespace impasto {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kind_of_job = "stylize";
constexpr size_t most_text = size_t{1} << 20;  // bytes
constexpr int least_window = 512, most_window = 1 << 14, most_stages = 64;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::input, "the job " + what);
}

Json options_json(const StylizeOptions& o) {
  Json json;
  for (const Option<StylizeOptions>& option : stylize_options()) {
    json[option.name] = option.get(o);
  }
  return json;
}

StylizeOptions options_of(const Json& json, const std::vector<double>& weights) {
  StylizeOptions o;
  if (json.size() != stylize_options().size()) refuse("lacks options, or has too many");
  for (const auto& [name, value] : json.items()) {
    const Option<StylizeOptions>* option = find_option(stylize_options(), name);
    if (!option) refuse("has an option " + name + ", which there is not");
    option->set(o, value.get<std::string>());
  }
  o.style_weights = weights;
  return o;
}

Json json_of(const JobStage& s) {
  return {{"kind", name_of(s.kind)},
          {"width", s.size.width},
          {"height", s.size.height},
          {"windows", s.windows},
          {"window_width", s.window.width},
          {"window_height", s.window.height},
          {"seconds", s.seconds},
          {"steps", s.steps},
          {"window_side", s.window_side},
          {"lean", s.lean},
          {"history", s.history},
          {"octaves", s.octaves},
          {"cost", s.cost},
          {"bytes", s.bytes}};
}

// The one that a name stands for.
template <Choice E>
E choice_of(const Json& name) {
  if (!name.is_string()) refuse("is damaged");
  for (size_t i = 0; i < names_of<E>.size(); ++i) {
    if (name == names_of<E>[i]) return static_cast<E>(i);
  }
  refuse("says " + json_text(name) + ", which there is not");
}

template <class T>
T number_of(const Json& json, const char* name, double low, double high) {
  const Json& number = json.at(name);
  const bool right = std::is_integral_v<T> ? number.is_number_integer() : number.is_number();
  const double value = right ? number.get<double>() : NAN;
  if (!(value >= low && value <= high)) {
    refuse(std::string("has ") + name + " out of range");
  }
  return number.get<T>();
}

Size size_in(const Json& json) {
  constexpr double most = 1e9;
  const Size size{number_of<int>(json, "width", 1, most), number_of<int>(json, "height", 1, most)};
  if (int64_t{size.width} * size.height > 2 * most_pixels) refuse("is for too large a picture");
  return size;
}

JobStage stage_of(const Json& json) {
  constexpr double most_seconds = 1e12, most_bytes = 1e15, most_cost = 1e6, any = 1e9;
  JobStage s;
  s.kind = choice_of<StageKind>(json.at("kind"));
  s.size = size_in(json);
  s.windows = number_of<int>(json, "windows", 0, any);
  s.window = {number_of<int>(json, "window_width", 0, any),
              number_of<int>(json, "window_height", 0, any)};
  s.seconds = number_of<double>(json, "seconds", 0, most_seconds);
  const bool descends = s.kind == StageKind::optimize;
  s.steps = number_of<int>(json, "steps", descends ? 1 : 0, 100000);
  s.window_side = number_of<int>(json, "window_side", 0, most_window);
  if (s.window_side > 0 && s.window_side < least_window) refuse("has too small windows");
  s.lean = json.at("lean").get<bool>();
  s.history = number_of<int>(json, "history", 0, 100);
  s.octaves = number_of<int>(json, "octaves", 1, 5);
  s.cost = number_of<double>(json, "cost", 1e-6, most_cost);
  s.bytes = number_of<size_t>(json, "bytes", 0, most_bytes);
  return s;
}

// The scales of a descent, or what is painted at once; what that is enlarged by; by edges the last.
void check_stages(const Job& job) {
  if (job.stages.empty() || job.stages.size() > most_stages) refuse("has no stages, or too many");
  const auto order = [](StageKind k) {
    return k == StageKind::optimize || k == StageKind::at_once ? 0
           : k == StageKind::enlarge                           ? 1
                                                               : 2;
  };
  const JobStage& first = job.stages.front();
  bool right = order(first.kind) == 0 && same(job.stages.back().size, job.size);
  const bool descends = first.kind == StageKind::optimize;
  right = right && job.options.method == (descends ? Method::optimize : Method::instant);
  right = right && job.quality != Quality::automatic && (descends || job.quality == Quality::draft);
  for (size_t i = 1; i < job.stages.size(); ++i) {
    const JobStage &before = job.stages[i - 1], &now = job.stages[i];
    const bool follows = now.kind == before.kind
                             ? now.kind == StageKind::optimize || now.kind == StageKind::enlarge
                             : order(now.kind) > order(before.kind);
    right = right && follows && now.history <= job.options.history &&
            now.size.width >= before.size.width && now.size.height >= before.size.height;
  }
  if (!right) refuse("has stages that contradict each other");
}

Json json_of(const Job& job) {
  Json json = {{"options", options_json(job.options)},
               {"width", job.size.width},
               {"height", job.size.height},
               {"quality", name_of(job.quality)},
               {"reason", job.reason},
               {"in_files", job.storage == Storage::file},
               {"window_bytes", job.window_bytes},
               {"peak_bytes", job.peak_bytes},
               {"limit_bytes", job.limit_bytes}};
  for (const JobStage& stage : job.stages) json["stages"].push_back(json_of(stage));
  return json;
}

// What was decided is said of these alone.
void check_as_asked(const StylizeOptions& asked, const StylizeOptions& decided) {
  static const std::set<std::string> open = {"quality", "method", "start", "scales", "iterations"};
  for (const Option<StylizeOptions>& option : stylize_options()) {
    if (open.contains(option.name) || option.get(asked) == option.get(decided)) continue;
    refuse("was asked for with another " + option.name + " than it was planned with");
  }
}

Job job_of(const Json& json, const std::vector<double>& weights) {
  constexpr double most_bytes = 1e15;
  Job job;
  job.options = options_of(json.at("options"), weights);
  job.size = size_in(json);
  job.quality = choice_of<Quality>(json.at("quality"));
  job.reason = json.at("reason").get<std::string>();
  job.storage = json.at("in_files").get<bool>() ? Storage::file : Storage::memory;
  job.window_bytes = number_of<size_t>(json, "window_bytes", 0, usual_window_bytes);
  job.peak_bytes = number_of<size_t>(json, "peak_bytes", 0, most_bytes);
  job.limit_bytes = number_of<size_t>(json, "limit_bytes", 0, most_bytes);
  for (const Json& stage : json.at("stages")) {
    job.stages.push_back(stage_of(stage));
    job.seconds += job.stages.back().seconds;
  }
  check_stages(job);
  return job;
}

}  // namespace

std::string text_of(const FileJob& job) try {
  Json json = {{"program", "impasto"},
               {"version", version()},
               {"job", kind_of_job},
               {"content", job.files.content},
               {"styles", job.files.styles},
               {"style_weights", job.options.style_weights},
               {"mask", job.files.regions.mask},
               {"regions", Json::array()},
               {"output", job.output},
               {"format", job.result.format},
               {"quality", job.result.quality},
               {"recipe", !job.result.no_recipe},
               {"options", options_json(job.options)},
               {"decided", json_of(job.job)}};
  for (const RegionFiles::Part& part : job.files.regions.parts) {
    json["regions"].push_back({{"mask", part.mask},
                               {"style", part.style},
                               {"strength", part.strength ? Json(*part.strength) : Json()}});
  }
  return strict_json_text(json);
} catch (const Json::exception&) {
  throw Error(ErrorCode::unsupported,
              "a job with a file whose name is not UTF-8 cannot be written down");
}

FileJob read_file_job(const std::string& text) try {
  if (text.size() > most_text) refuse("is too long");
  try {
    const Json json = Json::parse(text);
    if (json.at("program") != "impasto" || json.at("job") != kind_of_job) {
      refuse("is not one of impasto stylize");
    }
    if (json.at("version") != version())
      refuse("was written by another version, this is " + std::string(version()));
    FileJob job;
    const auto weights = json.at("style_weights").get<std::vector<double>>();
    job.files.content = json.at("content").get<std::string>();
    job.files.styles = json.at("styles").get<std::vector<std::string>>();
    job.files.regions.mask = json.at("mask").get<std::string>();
    for (const Json& part : json.at("regions")) {
      const Json& strength = part.at("strength");
      job.files.regions.parts.push_back(
          {part.at("mask").get<std::string>(), part.at("style").get<std::string>(),
           strength.is_null() ? std::nullopt
                              : std::optional(number_of<double>(part, "strength", 0, 100))});
    }
    job.output = json.at("output").get<std::string>();
    job.result.format = json.at("format").get<std::string>();
    job.result.quality = number_of<int>(json, "quality", 1, 100);
    job.result.no_recipe = !json.at("recipe").get<bool>();
    job.options = options_of(json.at("options"), weights);
    job.job = job_of(json.at("decided"), weights);
    if (job.output.ends_with('/')) check_ending(job.result.format);
    check_as_asked(job.options, job.job.options);
    return job;
  } catch (const Json::exception&) {
    refuse("is damaged");
  }
} catch (const Error& e) {
  if (e.code() == ErrorCode::input) throw;
  throw Error(ErrorCode::input, std::string("the job is damaged: ") + e.what());
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
