#include "jobs/quality.h"

#include <algorithm>
#include <string>

#include "canvas/strip.h"
#include "descent/schedule.h"
#include "impasto/error.h"
#include "instant/along_edges.h"
#include "instant/enlarge.h"
#include "options/checks.h"
#include "options/strength.h"
#include "zoo/instant.h"
#include "zoo/zoo.h"

namespace impasto {

namespace {

// Seconds: people see a preview and how long it takes, and can stop with what there is.
constexpr double patience = 20;
// Of painting at once: larger pictures go in windows, which look at that many times the pixels.
constexpr double window_pixels = 1.3e6, overlap = 1.9;
// Large enough for what is in a picture; small enough for a network's strokes, and to be quick.
constexpr int first_draft = 640, first_refined = 800;
// Refining begins where strokes of the largest kind are a few positions of the deepest features,
// from what was painted at once, and takes half the steps.
constexpr int first_refined_scale = 320;
constexpr int refining_steps = 35;

// From what was painted at once half of the way is left. That takes what the built-in encoder sees:
// style files of another have nothing of it.
StylizeOptions descending(StylizeOptions o) {
  o.method = Method::optimize;
  const bool built_in = o.network == default_network && !o.pooling;
  if (o.start == automatic) o.start = built_in ? "instant" : "content";
  return o;
}

StylizeOptions refining(StylizeOptions o, const Size& result) {
  const StylizeOptions defaults;
  if (o.start == automatic) o.start = "instant";  // which it is enlarged by, too
  o = descending(std::move(o));
  if (o.iterations == defaults.iterations) o.iterations = refining_steps;
  if (!o.scales) {
    const Size first = enlarging_sizes(painted_size(result), first_refined).front();
    const auto scales = plan_scales(first.width, first.height, o);
    const auto large = std::count_if(scales.begin(), scales.end(), [](const ScaleStage& s) {
      return stroke_side({s.width, s.height}) >= first_refined_scale;
    });
    o.scales = std::max(1, static_cast<int>(large));
  }
  return o;
}

StylizeOptions with_method(StylizeOptions o, Method method) {
  o.method = method;
  return o;
}

// An option that only the optimiser obeys and that is not what it is by default: its name, or "".
std::string option_of_the_optimizer(const StylizeOptions& o, const std::string& but = "") {
  for (const Option<StylizeOptions>& option : stylize_options()) {
    const bool obeyed = is_only_of(option, Method::optimize) && option.name != but;
    if (obeyed && option.get(o) != option.initial) return option.name;
  }
  return "";
}

}  // namespace

StylizeOptions settled(const StylizeOptions& options) {
  StylizeOptions o = checked(options);
  if (o.method == Method::automatic && o.quality == Quality::automatic &&
      o.network != default_network) {
    o.method = is_instant(o.network) ? Method::instant : Method::optimize;
  }
  return o;
}

double seconds_at_once(const StylizeOptions& o, double pixels, const Speeds& speeds) {
  const int passes = second_brush(o.strength).opacity > 0 ? 2 : 1;
  return passes * speeds.pass.seconds(pixels, 1);
}

double estimated_seconds(const StylizeOptions& o, const Size& result, const Speeds& speeds) {
  if (o.method == Method::instant) {
    const double pixels = static_cast<double>(result.width) * result.height;
    // What is larger is painted in windows that overlap.
    return seconds_at_once(o, pixels > window_pixels ? overlap * pixels : pixels, speeds);
  }
  double seconds = 0;
  for (const ScaleStage& s : plan_scales(result.width, result.height, o)) {
    seconds += speeds.step.seconds(pixels_with_margin({s.width, s.height}, o), s.steps);
  }
  return seconds;
}

double pixels_with_margin(const Size& size, const StylizeOptions& o) {
  return static_cast<double>(size.width + 2 * o.margin) * (size.height + 2 * o.margin);
}

PickedQuality pick_quality(const StylizeOptions& o, const Size& result, const AskSpeeds& speeds) {
  PickedQuality draft{Quality::draft, "", with_method(o, Method::instant),
                      enlarging_sizes(painted_size(result), first_draft)};
  PickedQuality good{Quality::good, "", refining(o, result),
                     enlarging_sizes(painted_size(result), first_refined)};
  PickedQuality best{Quality::best, "", descending(o), {result}};
  PickedQuality* picked = nullptr;
  const auto pick = [&](PickedQuality& quality, const std::string& reason) {
    if (picked) return;
    picked = &quality;
    picked->reason = reason;
  };
  for (PickedQuality* q : {&draft, &good, &best}) {
    if (q->name == o.quality) pick(*q, "asked for");
  }
  if (picked && o.method != Method::automatic && o.method != picked->options.method) {
    const std::string quality = name_of(o.quality), method = name_of(o.method);
    throw Error(ErrorCode::usage, "`quality` " + quality + " and `method` " + method +
                                      " contradict each other: it is painted by " +
                                      name_of(picked->options.method));
  }
  if (o.method != Method::automatic) {
    pick(o.method == Method::instant ? draft : best, std::string("method ") + name_of(o.method));
  }
  if (const std::string option = option_of_the_optimizer(o, "detail"); !option.empty()) {
    pick(best, "for `" + option + "`");
  }
  if (picked) return *picked;
  const Speeds known = speeds();
  // Of good and of drafts the larger part may be enlarging.
  const auto seconds_of = [&](const PickedQuality& q) {
    double seconds = estimated_seconds(q.options, q.sizes.front(), known);
    StylizeOptions pass = with_method(o, Method::instant);
    for (size_t i = 1; i < q.sizes.size(); ++i) {
      seconds += estimated_seconds(pass, q.sizes[i], known);
    }
    return seconds;
  };
  best.patience = good.patience = patience;
  if (seconds_of(best) <= patience) pick(best, "quick enough here");
  if (!option_of_the_optimizer(o).empty()) {
    good.patience = 0;
    pick(good, "best would take long, drafts know no `detail`");
  }
  if (seconds_of(good) <= patience) pick(good, "best would take long");
  pick(draft, "others would take long");
  return *picked;
}

std::optional<PickedQuality> lower_quality(const PickedQuality& quality,
                                           const StylizeOptions& options, const Size& result,
                                           const AskSpeeds& speeds) {
  if (quality.patience == 0) return {};
  StylizeOptions o = options;
  const bool drafts = quality.name == Quality::good;
  if (drafts && !option_of_the_optimizer(o).empty()) return {};
  o.quality = drafts ? Quality::draft : Quality::good;
  PickedQuality lower = pick_quality(o, result, speeds);
  lower.reason = "for want of memory";
  lower.patience = drafts ? 0 : patience;
  return lower;
}

void settle_qualities(std::vector<StylizeOptions>& all, const PictureHeader& content,
                      const AskSpeeds& speeds) {
  Quality best = Quality::draft;
  for (StylizeOptions& o : all) {
    o = settled(o);
    const PickedQuality picked = pick_quality(o, result_size(content, o.size), speeds);
    const bool too_long = picked.patience > 0 && picked.name == Quality::best;
    best = std::max(best, too_long ? Quality::good : picked.name);
  }
  for (StylizeOptions& o : all) {
    if (o.quality == Quality::automatic && o.method == Method::automatic) o.quality = best;
  }
}

}  // namespace impasto
