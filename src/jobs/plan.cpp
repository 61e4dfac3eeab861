#include "jobs/plan.h"

#include <algorithm>
#include <optional>

#include "backend/machine.h"
#include "canvas/picture.h"
#include "descent/schedule.h"
#include "image/encode.h"
#include "jobs/memory.h"
#include "jobs/plan_parts.h"
#include "options/checks.h"
#include "options/strength.h"

namespace impasto {

namespace {

// Ways to paint a picture, from the fastest to the smallest.
struct Way {
  Storage storage;
  size_t window_bytes;
  bool whole;  // what the optimiser looks at: the whole picture at once, or what plan_scale() says
};
constexpr Way ways[] = {
    {Storage::memory, usual_window_bytes, true},   {Storage::file, usual_window_bytes, true},
    {Storage::file, usual_window_bytes / 2, true}, {Storage::file, 0, true},
    {Storage::file, usual_window_bytes, false},    {Storage::file, 0, false}};

// The networks that paint at once, and what oneDNN compiles for them and keeps: measured.
size_t painter_networks(const StylizeOptions& o) {
  constexpr size_t mebi = size_t{1} << 20;
  return (o.precision != Precision::f32 && has_bf16() ? 30 : 24) * mebi;
}

// Small blocks of what was painted in, which are free by the time of the last steps and which the
// heap has not given back: measured with two threads, up to 12000x8000.
size_t heap_remains(size_t result) {
  return std::min(size_t{20} << 20, result / 20);
}

// What oneDNN compiled for a descent, as far as it is there while the result is enlarged: measured.
constexpr size_t descent_remains = size_t{14} << 20;

size_t base_bytes(const PickedQuality& picked) {
  const bool descends = picked.options.method == Method::optimize;
  const bool paints = !descends || picked.options.start == "instant" || picked.sizes.size() > 1;
  const Size& first = picked.sizes.front();
  return (paints ? painter_networks(picked.options) : 0) + bytes_of_threads() +
         (descends ? bytes_of_scales(first, picked.options) : 0) +
         (descends && picked.sizes.size() > 1 ? descent_remains : 0);
}

size_t alpha_bytes(const PictureHeader& picture, const Size& size) {
  return picture.has_alpha ? pixels_of(size) * sizeof(float) : 0;
}

PlannedStyles styles_of(const PlanInputs& inputs) {
  return {inputs.styles, !inputs.masks.empty()};
}

JobStage at_once(StageKind kind, const Size& size, const Way& way, Instant& instant) {
  JobStage stage;
  stage.kind = kind;
  stage.size = size;
  stage.window = instant.window_for(size, way.window_bytes);
  stage.windows = static_cast<int>(instant.windows_of(size, stage.window));
  return stage;
}

std::vector<JobStage> plan_stages(const PlanInputs& inputs, const Size& size,
                                  const PickedQuality& picked, const Way& way, size_t scale_bytes,
                                  const Speeds& speeds, const Networks& networks) {
  const StylizeOptions& o = picked.options;
  std::vector<JobStage> stages;
  const Size& first = picked.sizes.front();
  if (o.method == Method::instant) {
    stages.push_back(at_once(StageKind::at_once, first, way, networks.instant()));
  } else {
    stages = plan_descent(networks.engine(), first, styles_of(inputs), o, scale_bytes);
  }
  for (size_t i = 1; i < picked.sizes.size(); ++i) {
    stages.push_back(at_once(StageKind::enlarge, picked.sizes[i], way, networks.instant()));
  }
  if (!same(picked.sizes.back(), size)) {
    JobStage& stage = stages.emplace_back();
    stage.kind = StageKind::by_edges;
    stage.size = size;
  }
  time_stages(stages, o, speeds);
  return stages;
}

// What is taken, and of it what a scale of the descent may take; and by the pictures themselves.
struct Needs {
  size_t bytes = 0, scale_bytes = 0, given_bytes = 0;
};

// Areas that are painted at once are painted one after another, and laid over each other.
bool several_areas(const PlanInputs& inputs) {
  return !inputs.masks.empty() && inputs.styles.size() > 1;
}

// What is known of areas all the time: a mask of each, the sum of them, and two while they are
// made.
size_t area_bytes(const PlanInputs& inputs, const Size& size) {
  return inputs.masks.empty() ? 0 : (inputs.styles.size() + 3) * pixels_of(size);
}

// Of one scale that is painted at once: its mask, their sum, its share, and what is laid over.
size_t layer_bytes(const PlanInputs& inputs, const Size& size, Samples canvas) {
  if (inputs.masks.empty()) return 0;
  return 3 * pixels_of(size) +
         (several_areas(inputs) ? colour_bytes(size, canvas, Storage::memory) : 0);
}

// Memory of the first picture on the way to the `whole`, beside what is given, of which there is
// `room`.
Needs first_needs(const PlanInputs& inputs, const PickedQuality& picked, const Size& whole,
                  const Way& way, size_t room, const Networks& networks) {
  const StylizeOptions& o = picked.options;
  const Size& size = picked.sizes.front();
  const size_t floats = colour_bytes(size, Samples::f32, Storage::memory);
  if (o.method == Method::instant) {
    // The photograph with colours, where it has none; at this size; and what a second pass paints.
    const Size given =
        same(picked.sizes.back(), whole) ? size_of(inputs.content) : picked.sizes.back();
    const bool again = !inputs.masks.empty() || second_brush(o.strength).opacity > 0;
    const size_t pictures = 2 + (same(size, given) ? 0 : 1) + (again ? 1 : 0);
    const size_t layers = several_areas(inputs) ? 1 : 0;
    return {(pictures + layers) * floats +
            networks.instant().working_bytes(inputs.styles, size, way.window_bytes)};
  }
  size_t bytes = 0;
  if (o.start == "instant") {  // keeps what it computes in, for the next picture
    const ScaleStage scale = plan_scales(size.width, size.height, o).front();
    bytes = networks.instant().working_bytes(inputs.styles, {scale.width, scale.height},
                                             way.window_bytes);
  }
  const size_t most = way.whole ? SIZE_MAX : room - std::min(room, bytes);
  return {bytes + plan_scale(networks.engine(), size, styles_of(inputs), o, most).bytes, most};
}

// The peak of everything that lives beside base_bytes, from what was read to writing.
Needs planned_needs(const PlanInputs& inputs, const PickedQuality& picked, const Size& size,
                    const Way& way, size_t room, const Networks& networks) {
  const PictureHeader& content = inputs.content;
  const Samples samples = content.samples;
  const Samples canvas = samples == Samples::f32 ? Samples::f32 : Samples::wide;
  const auto bytes = [&](const Size& s, Samples of) { return colour_bytes(s, of, way.storage); };
  size_t given = given_bytes(content, way.storage) + area_bytes(inputs, size);
  for (const PictureHeader& style : inputs.styles) given += given_bytes(style, way.storage);
  for (const PictureHeader& mask : inputs.masks) given += given_bytes(mask, way.storage);
  size_t peak = 0;

  const bool along_edges = !same(picked.sizes.back(), size);
  const size_t source = along_edges ? bytes(picked.sizes.back(), samples) : 0;
  const Needs first =
      first_needs(inputs, picked, size, way, room - std::min(room, given + source), networks);
  peak = std::max(peak, source + first.bytes);
  size_t painted = colour_bytes(picked.sizes.front(), Samples::f32, Storage::memory);
  for (size_t i = 1; i < picked.sizes.size(); ++i) {
    const Size &at = picked.sizes[i], before = picked.sizes[i - 1];
    const bool resized = !same(at, along_edges ? picked.sizes.back() : size_of(content));
    const size_t working = layer_bytes(inputs, at, canvas) +
                           networks.instant().working_bytes(inputs.styles, at, way.window_bytes);
    const size_t now = bytes(at, canvas);
    const size_t drift = 2 * pixels_of(before);  // reduced floats, while the result is corrected
    peak = std::max(peak, source + painted + std::max(bytes(before, canvas), drift) +
                              (resized ? bytes(at, samples) : 0) + now + working);
    painted = now;
  }
  const size_t resized = along_edges && !same(size, size_of(content)) ? bytes(size, samples) : 0;
  const size_t result = (along_edges ? bytes(size, samples) : painted) + alpha_bytes(content, size);
  const size_t finished = result + heap_remains(result);
  const size_t slopes = pixels_of(picked.sizes.back());  // moments of blocks
  if (along_edges) peak = std::max(peak, source + painted + slopes + resized + finished);
  if (!inputs.masks.empty()) {  // what is left of the photograph is laid under it
    peak = std::max(peak, 2 * result + pixels_of(size));
  }
  if (!inputs.output.empty()) {
    PictureHeader written(size.width, size.height, samples, way.storage, content.has_alpha);
    written.bits = result_bits(content, picked.options);
    peak = std::max(peak, finished + writing_bytes(written, inputs.output));
  }
  return {given + peak, first.scale_bytes, given};
}

}  // namespace

Job make_job(const PlanInputs& inputs, const StylizeOptions& options, const Networks& networks) {
  const size_t limit = limit_of(inputs.budget);
  const auto needs = [&](const PickedQuality& picked, const Size& size, const Way& way) {
    const size_t base = inputs.budget.process + base_bytes(picked);
    Needs n = planned_needs(inputs, picked, size, way, limit - std::min(limit, base), networks);
    // A picture is decoded before networks are opened.
    const size_t reading = inputs.budget.process + n.given_bytes + inputs.decoding_bytes;
    n.bytes = std::max(base + n.bytes, reading);
    return n;
  };
  Job job;
  // Where that is open, a lower quality is better than one that takes long for want of memory.
  std::optional<Job> slow;
  const Size size = result_size(inputs.content, options.size);
  const AskSpeeds ask = [&] { return settled_speeds(options, networks); };
  auto picked = std::optional(pick_quality(options, size, ask));
  const Speeds speeds = known_speeds(options);
  for (; picked; picked = lower_quality(*picked, options, size, ask)) {
    for (const Way& way : ways) {
      const Needs n = needs(*picked, size, way);
      job = Job();
      job.options = picked->options;
      job.size = size;
      job.quality = picked->name;
      job.reason = picked->reason;
      job.storage = way.storage;
      job.window_bytes = way.window_bytes;
      job.peak_bytes = n.bytes;
      job.limit_bytes = limit;
      if (n.bytes > limit) continue;
      job.stages = plan_stages(inputs, size, *picked, way, n.scale_bytes, speeds, networks);
      job.seconds = seconds_of(job.stages);
      const bool quick = way.whole || picked->patience == 0 || job.seconds <= picked->patience;
      if (quick) return job;
      if (!slow) slow = job;
    }
  }
  if (slow) return *slow;
  StylizeOptions smaller = options;
  smaller.quality = job.quality;
  smaller.method = job.options.method;
  for (int side = longer_side(size) * 9 / 10; side > 0; side = side * 9 / 10) {
    smaller.size = side;
    const Size at = scaled_to(inputs.content, side);
    if (needs(pick_quality(smaller, at, ask), at, std::end(ways)[-1]).bytes <= limit) {
      refuse_plan(job, inputs.budget, std::to_string(side));
    }
  }
  refuse_plan(job, inputs.budget, "");
}

}  // namespace impasto
