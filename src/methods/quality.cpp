#include "methods/quality.h"

#include <algorithm>
#include <string>

#include "backend/machine.h"
#include "base/parallel.h"
#include "impasto/error.h"
#include "methods/checks.h"
#include "methods/enlarge.h"
#include "methods/guide.h"
#include "methods/schedule.h"
#include "methods/strip.h"
#include "zoo/instant.h"
#include "zoo/zoo.h"

namespace impasto {

namespace {

constexpr double patience = 4, most_patience = 8;  // seconds, for best and for good
// Large enough for what is in a picture; small enough for a network's strokes, and to be quick.
constexpr int first_draft = 640, first_refined = 800;
// Refining begins where strokes of the largest kind are a few positions of the deepest features,
// from what was painted at once, and takes half the steps.
constexpr int first_refined_scale = 320;
constexpr int refining_steps = 25;

// What a step takes of one thread for a pixel, by scripts/bench on a processor with AMX, and with
// its instructions limited.
double step_nanoseconds(const StylizeOptions& o) {
  const std::string processor = processor_instructions();
  if (processor.find("avx512") == std::string::npos) return 1030;
  const bool matrix_units = processor.find("amx") != std::string::npos;
  return matrix_units && o.precision != "f32" ? 210 : 690;
}
// One pass of the network takes about that, and as much again what is around it.
constexpr double passes_of_a_step = 2;

StylizeOptions refining(StylizeOptions o, const Size& result) {
  const StylizeOptions defaults;
  o.method = "optimize";
  if (o.start == defaults.start) o.start = "instant";
  if (o.iterations == defaults.iterations) o.iterations = refining_steps;
  if (o.scales == defaults.scales) {
    const Size first = enlarging_sizes(painted_size(result), first_refined).front();
    const auto scales = plan_scales(first.width, first.height, o);
    const auto large = std::count_if(scales.begin(), scales.end(), [](const ScaleStage& s) {
      return stroke_side({s.width, s.height}) >= first_refined_scale;
    });
    o.scales = std::max(1, static_cast<int>(large));
  }
  return o;
}

StylizeOptions with_method(StylizeOptions o, const char* method) {
  o.method = method;
  return o;
}

// An option that only the optimiser obeys and that is not what it is by default: its name, or "".
std::string option_of_the_optimizer(StylizeOptions o, const std::string& but = "") {
  StylizeOptions defaults;
  const auto given = stylize_options(o), usual = stylize_options(defaults);
  for (size_t i = 0; i < given.size(); ++i) {
    const bool obeyed = given[i].method == "optimize" && given[i].name != but;
    if (obeyed && given[i].get() != usual[i].get()) return given[i].name;
  }
  return "";
}

}  // namespace

StylizeOptions settled(const StylizeOptions& options) {
  StylizeOptions o = checked(options);
  if (o.method == "auto" && o.quality == "auto" && o.network != default_network) {
    o.method = is_instant(o.network) ? "instant" : "optimize";
  }
  return o;
}

double estimated_seconds(const StylizeOptions& o, const Size& result) {
  double pixels = 0;
  if (o.method == "instant") {
    pixels = passes_of_a_step * result.width * result.height;
    return pixels * step_nanoseconds(o) * 1e-9 / threads();
  }
  for (const ScaleStage& s : plan_scales(result.width, result.height, o)) {
    pixels += static_cast<double>(s.width + 2 * o.margin) * (s.height + 2 * o.margin) * s.steps;
  }
  return pixels * step_nanoseconds(o) * 1e-9 / threads();
}

Quality pick_quality(const StylizeOptions& o, const Size& result) {
  Quality draft{"draft", "", with_method(o, "instant"),
                enlarging_sizes(painted_size(result), first_draft)};
  Quality good{"good", "", refining(o, result),
               enlarging_sizes(painted_size(result), first_refined)};
  Quality best{"best", "", with_method(o, "optimize"), {result}};
  Quality* picked = nullptr;
  const auto pick = [&](Quality& quality, const std::string& reason) {
    if (picked) return;
    picked = &quality;
    picked->reason = reason;
  };
  for (Quality* q : {&draft, &good, &best}) {
    if (q->name == o.quality) pick(*q, "asked for");
  }
  if (picked && o.method != "auto" && o.method != picked->options.method) {
    throw Error(ErrorCode::usage, "--quality " + o.quality + " and --method " + o.method +
                                      " contradict each other: it is painted by " +
                                      picked->options.method);
  }
  if (o.method != "auto") pick(o.method == "instant" ? draft : best, "method " + o.method);
  if (const std::string option = option_of_the_optimizer(o, "detail"); !option.empty()) {
    pick(best, "for --" + option);
  }
  best.patience = picked ? 0 : patience;
  if (estimated_seconds(best.options, result) <= patience) pick(best, "quick enough here");
  if (!option_of_the_optimizer(o).empty())
    pick(good, "best would take long, drafts know no --detail");
  good.patience = picked ? 0 : most_patience;
  if (estimated_seconds(good.options, good.sizes.front()) <= most_patience) {
    pick(good, "best would take long");
  }
  pick(draft, "others would take long");
  return *picked;
}

std::optional<Quality> lower_quality(const Quality& quality, const StylizeOptions& options,
                                     const Size& result) {
  if (quality.patience == 0) return {};
  StylizeOptions o = options;
  const bool drafts = quality.name == "good";
  if (drafts && !option_of_the_optimizer(o).empty()) return {};
  o.quality = drafts ? "draft" : "good";
  Quality lower = pick_quality(o, result);
  lower.reason = "for want of memory";
  lower.patience = drafts ? 0 : most_patience;
  return lower;
}

void settle_qualities(std::vector<StylizeOptions>& all, const Image& content) {
  static const std::vector<std::string> qualities = {"draft", "good", "best"};
  auto best = qualities.begin();
  for (StylizeOptions& o : all) {
    o = settled(o);
    const std::string name = pick_quality(o, result_size(content, o)).name;
    best = std::max(best, std::find(qualities.begin(), qualities.end(), name));
  }
  for (StylizeOptions& o : all) {
    if (o.quality == "auto" && o.method == "auto") o.quality = *best;
  }
}

}  // namespace impasto
