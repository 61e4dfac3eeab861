#include "methods/plan.h"

#include <algorithm>

#include "base/memory.h"
#include "base/parallel.h"
#include "image/encode.h"
#include "impasto/error.h"
#include "methods/checks.h"
#include "methods/picture.h"
#include "methods/schedule.h"

namespace impasto {

namespace {

// What guiding takes of the time that painting at once takes at the same size.
constexpr double guiding = 0.1;

// Ways to paint the same picture, from the fastest to the smallest.
struct Way {
  Storage storage;
  size_t window_bytes;
};
constexpr Way ways[] = {{Storage::memory, usual_window_bytes},
                        {Storage::file, usual_window_bytes},
                        {Storage::file, usual_window_bytes / 2},
                        {Storage::file, 0}};

// The process before it has painted anything: measured with two threads.
constexpr size_t mebi = size_t{1} << 20;
constexpr size_t painter_networks = 12 * mebi;  // and what oneDNN compiles for them
constexpr size_t each_thread = 4 * mebi;        // bands and buffers

size_t base_bytes(const Quality& picked) {
  const bool descends = picked.options.method == "optimize";
  const bool paints = !descends || picked.options.start == "instant" || picked.sizes.size() > 1;
  return process_bytes + (paints ? painter_networks : 0) +
         (descends && paints ? painter_networks : 0) +
         each_thread * static_cast<size_t>(std::max(threads() - 2, 0));
}

size_t pixels_of(const Size& s) {
  return static_cast<size_t>(s.width) * static_cast<size_t>(s.height);
}

size_t alpha_bytes(const Image& image, const Size& size) {
  return image.has_alpha() ? pixels_of(size) * sizeof(float) : 0;
}

// Of a picture's colours in memory, if they are stored so.
size_t colour_bytes(const Size& size, Samples samples, Storage storage) {
  return Image::outline(size.width, size.height, samples, storage, false).bytes();
}

// A picture that is given has its place, that of another follows the plan.
size_t given_bytes(const Image& image, const Way& way) {
  if (!image.is_outline()) return image.bytes();
  const Size size = size_of(image);
  return colour_bytes(size, image.samples(), way.storage) + alpha_bytes(image, size);
}

PlannedStage at_once(const char* name, const Size& size, const Way& way, Instant& instant) {
  PlannedStage stage;
  stage.name = name;
  stage.size = size;
  stage.window = instant.window_for(size, way.window_bytes);
  stage.windows = static_cast<int>(instant.windows_of(size, stage.window));
  return stage;
}

std::vector<PlannedStage> plan_stages(const Size& size, const Quality& picked, const Way& way,
                                      const Networks& networks) {
  StylizeOptions quick = picked.options;
  quick.method = "instant";
  std::vector<PlannedStage> stages;
  const Size& first = picked.sizes.front();
  if (picked.options.method == "instant") {
    stages.push_back(at_once("at once", first, way, networks.instant()));
    stages.back().seconds = estimated_seconds(quick, first);
  } else {
    const auto scales = plan_scales(first.width, first.height, picked.options);
    double work = 0;
    for (const ScaleStage& scale : scales) work += scale.work();
    for (const ScaleStage& scale : scales) {
      PlannedStage stage;
      stage.name = "optimize";
      stage.size = {scale.width, scale.height};
      stage.steps = scale.steps;
      stage.seconds = estimated_seconds(picked.options, first) * scale.work() / work;
      stages.push_back(stage);
    }
  }
  for (size_t i = 1; i < picked.sizes.size(); ++i) {
    stages.push_back(at_once("enlarge", picked.sizes[i], way, networks.instant()));
    stages.back().seconds = estimated_seconds(quick, picked.sizes[i]);
  }
  if (!same(picked.sizes.back(), size)) {
    PlannedStage stage;
    stage.name = "guide";
    stage.size = size;
    stage.seconds = guiding * estimated_seconds(quick, size);
    stages.push_back(stage);
  }
  return stages;
}

// Memory of the first picture, beside what is given.
size_t first_bytes(const PlanInputs& inputs, const Quality& picked, const Way& way,
                   const Networks& networks) {
  const StylizeOptions& o = picked.options;
  const Size& size = picked.sizes.front();
  const size_t floats = colour_bytes(size, Samples::f32, Storage::memory);
  if (o.method == "instant") {
    return 4 * floats + networks.instant().working_bytes(inputs.styles, size, way.window_bytes);
  }
  const std::vector<WeightedStyle> styles = weighted(inputs.styles, StylizeOptions());
  size_t bytes = scale_bytes(networks.engine(), size, styles, o);
  if (o.start == "instant") {  // keeps what it computes in, for the next picture
    const ScaleStage scale = plan_scales(size.width, size.height, o).front();
    bytes += networks.instant().working_bytes(inputs.styles, {scale.width, scale.height},
                                              way.window_bytes);
  }
  return bytes;
}

// The peak of everything that lives beside process_bytes, from reading to writing.
size_t planned_bytes(const PlanInputs& inputs, const Quality& picked, const Size& size,
                     const Way& way, const Networks& networks) {
  const Image& content = inputs.content;
  const Samples samples = content.samples();
  const Samples canvas = samples == Samples::f32 ? Samples::f32 : Samples::wide;
  const auto bytes = [&](const Size& s, Samples of) { return colour_bytes(s, of, way.storage); };
  size_t given = given_bytes(content, way);
  for (const Image* style : inputs.styles) given += given_bytes(*style, way);
  size_t peak = inputs.decoding_bytes;

  const bool guide = !same(picked.sizes.back(), size);
  const size_t source = guide ? bytes(picked.sizes.back(), samples) : 0;
  peak = std::max(peak, source + first_bytes(inputs, picked, way, networks));
  size_t painted = colour_bytes(picked.sizes.front(), Samples::f32, Storage::memory);
  for (size_t i = 1; i < picked.sizes.size(); ++i) {
    const Size &at = picked.sizes[i], before = picked.sizes[i - 1];
    const bool resized = !same(at, guide ? picked.sizes.back() : size_of(content));
    const size_t working = networks.instant().working_bytes(inputs.styles, at, way.window_bytes);
    const size_t now = bytes(at, canvas);
    const size_t drift = 2 * pixels_of(before);  // reduced floats, while the result is corrected
    peak = std::max(peak, source + painted + std::max(bytes(before, canvas), drift) +
                              (resized ? bytes(at, samples) : 0) + now + working);
    painted = now;
  }
  const size_t resized = guide && !same(size, size_of(content)) ? bytes(size, samples) : 0;
  const size_t result = (guide ? bytes(size, samples) : painted) + alpha_bytes(content, size);
  const size_t slopes = pixels_of(picked.sizes.back());  // moments of blocks
  if (guide) peak = std::max(peak, source + painted + slopes + resized + result);
  if (!inputs.output.empty()) {
    Image written =
        Image::outline(size.width, size.height, samples, way.storage, content.has_alpha());
    written.bits = result_bits(content, picked.options);
    peak = std::max(peak, result + writing_bytes(written, inputs.output));
  }
  return given + peak;
}

[[noreturn]] void refuse(const StylizePlan& smallest, const StylizeOptions& o, int fits) {
  const auto mebibytes = [](size_t bytes) { return std::to_string((bytes >> 20) + 1); };
  const std::string needed = "painting " + std::to_string(smallest.size.width) + "x" +
                             std::to_string(smallest.size.height) + " with quality " +
                             smallest.quality + " needs ";
  const std::string otherwise =
      fits > 0 ? "; --size " + std::to_string(fits) + " would fit" : "; no size would fit";
  if (o.max_memory > 0) {
    throw Error(ErrorCode::memory, needed + "--max-memory " + mebibytes(smallest.peak_bytes) +
                                       "M, found " + text_of_bytes(o.max_memory) + otherwise);
  }
  throw Error(ErrorCode::memory, needed + mebibytes(smallest.peak_bytes) + " MiB, " +
                                     mebibytes(smallest.limit_bytes) + " MiB are free" + otherwise);
}

}  // namespace

StylizePlan make_plan(const PlanInputs& inputs, const StylizeOptions& options,
                      const Networks& networks) {
  StylizePlan plan;
  plan.limit_bytes =
      options.max_memory > 0 ? options.max_memory : available_memory() + resident_memory();
  const auto peak = [&](const Quality& picked, const Size& size, const Way& way) {
    return base_bytes(picked) + planned_bytes(inputs, picked, size, way, networks);
  };
  plan.size = result_size(inputs.content, options);
  const Quality picked = pick_quality(options, plan.size);
  plan.quality = picked.name;
  plan.reason = picked.reason;
  plan.method = picked.options.method;
  for (const Way& way : ways) {
    plan.storage = way.storage;
    plan.window_bytes = way.window_bytes;
    plan.peak_bytes = peak(picked, plan.size, way);
    if (plan.peak_bytes > plan.limit_bytes) continue;
    plan.stages = plan_stages(plan.size, picked, way, networks);
    for (const PlannedStage& stage : plan.stages) plan.seconds += stage.seconds;
    return plan;
  }
  StylizeOptions smaller = options;
  smaller.quality = picked.name;
  for (int side = std::max(plan.size.width, plan.size.height) * 9 / 10; side > 0;
       side = side * 9 / 10) {
    smaller.size = side;
    const Size size = result_size(inputs.content, smaller);
    if (peak(pick_quality(smaller, size), size, std::end(ways)[-1]) <= plan.limit_bytes) {
      refuse(plan, options, side);
    }
  }
  refuse(plan, options, 0);
}

}  // namespace impasto
