#include "jobs/plan_parts.h"

#include <algorithm>

#include "base/isa.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "canvas/picture.h"
#include "descent/schedule.h"
#include "image/encode.h"
#include "impasto/error.h"
#include "jobs/memory.h"
#include "jobs/quality.h"

namespace impasto {

size_t bytes_of_threads() {
  return thread_bytes * static_cast<size_t>(std::max(threads() - 2, 0));
}

size_t bytes_of_scales(const Size& size, const StylizeOptions& o) {
  constexpr size_t mebi = size_t{1} << 20;
  const size_t more = plan_scales(size.width, size.height, o).size() - 1;
  // Without AVX-512 oneDNN packs what it multiplies into memory of its own.
  const size_t products = best_isa() == Isa::avx512 ? 0 : best_isa() == Isa::avx2 ? 2 : 4;
  return (products + (more > 0 ? 8 + 6 * more : 0)) * mebi;
}

size_t colour_bytes(const Size& size, Samples samples, Storage storage) {
  return PictureHeader(size.width, size.height, samples, storage).bytes();
}

size_t given_bytes(const PictureHeader& picture, Storage storage) {
  if (picture.is_read) return picture.bytes();
  return PictureHeader(picture.width, picture.height, picture.samples, storage, picture.has_alpha)
      .bytes();
}

double seconds_of(const std::vector<JobStage>& stages) {
  double seconds = 0;
  for (const JobStage& stage : stages) seconds += stage.seconds;
  return seconds;
}

void time_stages(std::vector<JobStage>& stages, const StylizeOptions& o, const Speeds& speeds) {
  // What enlarging along edges takes of the time that painting at once takes at the same size.
  constexpr double by_edges_share = 0.1;
  const auto at_once = [&](size_t pixels) {
    return seconds_at_once(o, static_cast<double>(pixels), speeds);
  };
  for (JobStage& stage : stages) {
    if (stage.kind == StageKind::optimize) {
      stage.seconds =
          stage.cost * speeds.step.seconds(pixels_with_margin(stage.size, o), stage.steps);
    } else if (stage.kind == StageKind::by_edges) {
      stage.seconds = by_edges_share * at_once(pixels_of(stage.size));
    } else {
      // Windows see as much around them as the network does: often as much again.
      stage.seconds =
          at_once(stage.windows > 1 ? pixels_of(stage.window) * static_cast<size_t>(stage.windows)
                                    : pixels_of(stage.size));
    }
  }
  JobStage& first = stages.front();
  if (first.kind == StageKind::optimize && o.start == "instant") {
    first.seconds += at_once(pixels_of(first.size));
  }
}

void refuse_plan(const Job& smallest, const Budget& budget, const std::string& fitting) {
  const std::string needed = "painting " + text_of(smallest.size) + " with quality " +
                             name_of(smallest.quality) + " needs ";
  const std::string otherwise =
      fitting.empty() ? "; no size would fit" : "; `size` " + fitting + " would fit";
  if (budget.most > 0) {
    throw Error(ErrorCode::memory, needed + "`max-memory` " +
                                       text_of_mebibytes(smallest.peak_bytes) + "M, found " +
                                       text_of_bytes(budget.most) + otherwise);
  }
  throw Error(ErrorCode::memory, needed + text_of_mebibytes(smallest.peak_bytes) + " MiB, " +
                                     text_of_mebibytes(smallest.limit_bytes) + " MiB are free" +
                                     otherwise);
}

Job make_job(const Engine& engine, const Descent& d, const StylizeOptions& o) {
  Job job;
  job.options = o;
  job.options.method = Method::optimize;
  job.size = d.size;
  job.quality = Quality::best;
  job.reason = "there is no other";
  job.limit_bytes = limit_of(d.budget);
  const size_t base = d.budget.process + bytes_of_threads() + d.given_bytes;
  size_t room = 0;  // for a scale
  const auto try_at = [&](const Size& size, bool whole) {
    const size_t taken = base + d.beside_bytes(size) + bytes_of_scales(size, o);
    room = whole ? SIZE_MAX : job.limit_bytes - std::min<size_t>(job.limit_bytes, taken);
    const size_t scale = plan_largest_scale(engine, size, d.styles, o, room).bytes;
    const size_t result = colour_bytes(size, Samples::f32, Storage::memory);
    PictureHeader written(size.width, size.height, Samples::f32, Storage::memory, d.alpha);
    written.bits = d.bits;
    const size_t writing = d.output.empty() ? 0 : writing_bytes(written, d.output);
    job.peak_bytes = std::max({base + d.decoding_bytes, base + d.reading_bytes, taken + scale,
                               taken + 2 * result + writing});
    return job.peak_bytes <= job.limit_bytes;
  };
  if (try_at(d.size, true) || try_at(d.size, false)) {
    job.stages = plan_descent(engine, d.size, d.styles, o, room);
    time_stages(job.stages, o, known_speeds(o));
    job.seconds = seconds_of(job.stages);
    return job;
  }
  const Job smallest = job;
  for (double factor = 0.9; longer_side(d.size) * factor >= 1; factor *= 0.9) {
    const auto side = [&](int v) { return std::max(1, static_cast<int>(v * factor)); };
    const Size smaller{side(d.size.width), side(d.size.height)};
    if (try_at(smaller, false)) refuse_plan(smallest, d.budget, d.size_text(smaller));
  }
  refuse_plan(smallest, d.budget, "");
}

}  // namespace impasto
