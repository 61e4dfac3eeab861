#include "stylize_arguments.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "impasto/error.h"
#include "print.h"
#include "standard_input.h"
#include "stylize_files.h"
#include "stylize_regions.h"
#include "stylize_sweep.h"

namespace impasto::cli {

namespace fs = std::filesystem;

namespace {

// What only the optimiser obeys would be ignored.
void refuse_for_instant(const StylizeArguments& a) {
  const auto method = a.options.find("method");
  if (method == a.options.end() || method->second != "instant") return;
  for (const OptionInfo& option : stylize_options()) {
    if (!is_only_of(option, Method::optimize) || !a.options.count(option.name)) continue;
    throw Error(ErrorCode::usage,
                "--" + option.name + " is for --method optimize, not for --method instant");
  }
}

void refuse_for_batches(bool given, const std::string& name) {
  if (given) throw Error(ErrorCode::usage, name + " is for one picture, not for several");
}

void read_given(const StylizeArguments& a, StylizeFiles& files, StylizeOptions& options) {
  const auto opened = [&](const std::string& path) { return input_path(path, files.names); };
  if (!a.photos.empty()) files.content = opened(a.photos.front());
  for (const std::string& style : a.styles) {
    const auto [path, weight] = split_number(style, 1);
    files.styles.push_back(opened(path));
    options.style_weights.push_back(weight);
  }
  files.regions.mask = opened(a.mask);
  files.regions.parts = parse_regions(a.regions);
  for (RegionFiles::Part& part : files.regions.parts) {
    part.mask = opened(part.mask);
    part.style = opened(part.style);
  }
}

// What is painted at once has no steps; without a word on the quality, steps are taken.
void ask_for_steps(const StylizeArguments& a, StylizeOptions& options) {
  if (!a.save_every) return;
  if (options.method == Method::instant) {
    throw Error(ErrorCode::usage,
                "--save-every is for --method optimize, not for --method instant");
  }
  if (options.quality == Quality::automatic && options.method == Method::automatic) {
    options.quality = Quality::best;
  }
}

// What it names is beside its picture, or here.
void read_replayed(const std::string& picture, StylizeFiles& files, StylizeOptions& options,
                   SessionOptions& session) {
  const std::string recipe = read_recipe(picture);
  if (recipe.empty()) throw Error(ErrorCode::input, picture + ": holds no recipe of impasto");
  std::vector<std::string> folders = {fs::path(name_of_input(picture)).parent_path().string()},
                           notes;
  if (!folders.front().empty()) folders.emplace_back();
  try {
    read_recipe_options(recipe, folders, files, options, session, notes);
  } catch (const Error& e) {
    throw Error(e.code(), picture + ": " + e.what());
  }
  for (const std::string& note : notes) print_message("note: " + note);
}

}  // namespace

void check_options(const StylizeArguments& a) {
  check_contradictions(a);
  refuse_together(a, "strength", "style-weight", "both set the weight of the style");
  refuse_together(a, "detail", "content-layers", "both choose the content layers");
  refuse_for_instant(a);
}

void check_batch(const StylizeArguments& a) {
  refuse_for_batches(!a.preview.empty(), "--preview");
  refuse_for_batches(!a.report.empty(), "--report");
  refuse_for_batches(a.save_every.has_value(), "--save-every");
  refuse_for_batches(a.to_stream(), "-o - (standard output)");
  for (const auto* inputs : {&a.photos, &a.styles}) {
    const bool piped = std::find(inputs->begin(), inputs->end(), stream) != inputs->end();
    refuse_for_batches(piped, "- (standard input)");
  }
  check_results(a);
}

// What is swept counts as given.
void check_sweeps(const StylizeArguments& arguments) {
  StylizeArguments a = arguments;
  const auto refuse = [](bool given, const std::string& name) {
    if (given) throw Error(ErrorCode::usage, "--sweep and " + name + " do not go together");
  };
  refuse(a.json, "--json");
  refuse(!a.report.empty(), "--report");
  refuse(!a.preview.empty(), "--preview");
  refuse(a.options.contains("pairing"), "--pairing");
  refuse(a.options.contains("format") && !a.to_stream(), "--format");
  refuse(a.save_every.has_value(), "--save-every");
  refuse(a.photos.size() > 1, "several photographs");
  for (const std::string& sweep : a.sweeps) {
    const std::string name = swept_name(sweep);
    if (a.options.count(name)) {
      throw Error(ErrorCode::usage, "--sweep " + sweep + " and --" + name +
                                        " contradict each other: both set the " + name);
    }
  }
  for (const std::string& sweep : a.sweeps) a.options[swept_name(sweep)] = "swept";
  check_options(a);
}

// The files and options of this run: what the command line says, then a recipe's.
void resolve(const StylizeArguments& a, StylizeFiles& files, StylizeOptions& options,
             SessionOptions& session) {
  read_given(a, files, options);
  if (!a.replay.empty()) {
    read_replayed(input_path(a.replay, files.names), files, options, session);
  }
  set_given(stylize_options(), options, a.options);
  set_given(session_options(), session, a.options);
  ask_for_steps(a, options);
  if (files.content.empty()) throw Error(ErrorCode::usage, "no photograph to paint (or --replay)");
  if (files.styles.empty() && files.regions.parts.empty()) {
    throw Error(ErrorCode::usage, "no painting to take the style from (--style)");
  }
  if (files.regions.empty() && a.options.count("feather")) {
    throw Error(ErrorCode::usage, "--feather is for --mask and --region");
  }
}

}  // namespace impasto::cli
