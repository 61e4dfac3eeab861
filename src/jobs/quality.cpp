#include "jobs/quality.h"

#include <algorithm>
#include <set>
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
constexpr int first_at_once = 640;
// A draft is settled where a step takes some hundredths of a second; a good picture is refined.
struct Settling {
  int first;  // size in pixels: what is larger is enlarged by painting
  int steps;
};
constexpr Settling draft_settling = {384, 22}, good_settling = {800, 35};
// Both begin where strokes of the largest kind are a few positions of the deepest features, from
// what was painted at once.
constexpr int smallest_scale = 320;

// From what was painted at once half of the way is left. That takes what the built-in encoder sees:
// style files of another have nothing of it.
StylizeOptions descending(StylizeOptions o) {
  o.method = Method::optimize;
  const bool built_in = o.network == default_network && !o.pooling;
  if (o.start == automatic) o.start = built_in ? "instant" : "content";
  return o;
}

PickedQuality enlarged(Quality name, const StylizeOptions& options, const Size& result,
                       const Settling& settling) {
  PickedQuality picked{name, "", options, enlarging_sizes(painted_size(result), settling.first)};
  StylizeOptions& o = picked.options;
  const StylizeOptions defaults;
  if (o.start == automatic) o.start = "instant";  // which it is enlarged by, too
  o = descending(std::move(o));
  if (o.iterations == defaults.iterations) o.iterations = settling.steps;
  if (!o.scales) {
    const Size& first = picked.sizes.front();
    const auto scales = plan_scales(first.width, first.height, o);
    const auto large = std::count_if(scales.begin(), scales.end(), [](const ScaleStage& s) {
      return stroke_side({s.width, s.height}) >= smallest_scale;
    });
    o.scales = std::max(1, static_cast<int>(large));
  }
  return picked;
}

PickedQuality at_once(StylizeOptions o, const Size& result) {
  o.method = Method::instant;
  return {Quality::draft, "", std::move(o), enlarging_sizes(painted_size(result), first_at_once)};
}

// An option that only the optimiser obeys and that is not what it is by default: its name, or "".
std::string option_of_the_optimizer(const StylizeOptions& o,
                                    const std::set<std::string>& but = {}) {
  for (const Option<StylizeOptions>& option : stylize_options()) {
    const bool obeyed = is_only_of(option, Method::optimize) && !but.contains(option.name);
    if (obeyed && option.get(o) != option.initial) return option.name;
  }
  return "";
}

}  // namespace

StylizeOptions settled(const StylizeOptions& options) {
  StylizeOptions o = checked(options);
  if (o.method == Method::automatic && o.network != default_network) {
    if (o.quality <= Quality::draft && is_instant(o.network)) {
      o.method = Method::instant;
    } else if (o.quality == Quality::automatic) {
      o.method = Method::optimize;
    }
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
  if (o.method == Method::instant) {
    if (o.quality > Quality::draft) {
      throw Error(ErrorCode::usage, std::string("`quality` ") + name_of(o.quality) +
                                        " and `method` instant contradict each other: it is "
                                        "painted by optimize");
    }
    PickedQuality picked = at_once(o, result);
    picked.reason = "method instant";
    return picked;
  }
  PickedQuality draft = enlarged(Quality::draft, o, result, draft_settling);
  PickedQuality good = enlarged(Quality::good, o, result, good_settling);
  PickedQuality best{Quality::best, "", descending(o), {result}};
  const auto pick = [](PickedQuality& quality, const std::string& reason, double patient = 0) {
    quality.reason = reason;
    quality.patience = patient;
    return std::move(quality);
  };
  for (PickedQuality* q : {&draft, &good, &best}) {
    if (q->name == o.quality) return pick(*q, "asked for");
  }
  if (o.method == Method::optimize) return pick(best, "method optimize");
  if (const std::string option = option_of_the_optimizer(o, {"detail", "match"}); !option.empty()) {
    return pick(best, "for `" + option + "`");
  }
  const Speeds known = speeds();
  // Of good and of drafts the larger part may be enlarging.
  const auto seconds_of = [&](const PickedQuality& q) {
    double seconds = estimated_seconds(q.options, q.sizes.front(), known);
    StylizeOptions pass = q.options;
    pass.method = Method::instant;
    for (size_t i = 1; i < q.sizes.size(); ++i) {
      seconds += estimated_seconds(pass, q.sizes[i], known);
    }
    return seconds;
  };
  if (seconds_of(best) <= patience) return pick(best, "quick enough here", patience);
  if (seconds_of(good) <= patience) return pick(good, "best would take long", patience);
  return pick(draft, "others would take long", patience);
}

std::optional<PickedQuality> lower_quality(const PickedQuality& quality,
                                           const StylizeOptions& options, const Size& result,
                                           const AskSpeeds& speeds) {
  StylizeOptions o = options;
  PickedQuality lower;
  if (quality.name == Quality::draft) {
    const bool obeyed = quality.options.method == Method::instant;
    if (obeyed || o.method != Method::automatic || !option_of_the_optimizer(o).empty()) return {};
    lower = at_once(o, result);
  } else {
    if (quality.patience == 0) return {};
    o.quality = quality.name == Quality::good ? Quality::draft : Quality::good;
    lower = pick_quality(o, result, speeds);
    lower.patience = patience;
  }
  lower.reason = "for want of memory";
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
