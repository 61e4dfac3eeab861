#include "impasto/file_job.h"

#include <filesystem>
#include <new>

#include "backend/machine.h"
#include "base/memory.h"
#include "base/promise.h"
#include "formats/sha256.h"
#include "image/size.h"
#include "impasto/error.h"
#include "impasto/style_file.h"
#include "impasto/stylizer.h"
#include "jobs/job_key.h"
#include "jobs/memory.h"
#include "jobs/plan_parts.h"
#include "options/checks.h"
#include "zoo/session.h"

namespace impasto {

namespace fs = std::filesystem;

namespace {

bool goes_to_folder(const FileJob& job) {
  return job.output.ends_with('/');
}

// As in the recipe: what was decided where that was left open.
StylizeOptions decided_options(const FileJob& job) {
  StylizeOptions o = job.options;
  if (o.method == Method::automatic && o.quality == Quality::automatic) o.quality = job.job.quality;
  return o;
}

void refuse_more_than_there_is(const Session& session, const Job& job) {
  const size_t limit = limit_of(budget_of(session));
  if (job.peak_bytes <= limit) return;
  throw Error(ErrorCode::memory, "the job was planned with " + text_of_mebibytes(job.peak_bytes) +
                                     " MiB of memory, here it may take " +
                                     text_of_mebibytes(limit) + " MiB: it has to be planned again");
}

void make_folder(const std::string& path) {
  std::error_code failed;
  fs::create_directories(path, failed);
  if (failed) throw Error(ErrorCode::output, path + ": cannot be made: " + failed.message());
}

}  // namespace

StylizeHeaders read_headers(const StylizeFiles& files) try {
  const ReadOptions compact{.compact = true};
  StylizeHeaders headers{read_header(files.content, compact), {}, {}};
  for (const std::string& style : files.styles) {
    headers.styles.push_back(read_painting_header(style, compact));
  }
  if (!files.regions.mask.empty()) {
    headers.masks.push_back(read_header(files.regions.mask, compact));
  }
  for (const RegionFiles::Part& part : files.regions.parts) {
    headers.masks.push_back(read_header(part.mask, compact));
    headers.styles.push_back(read_painting_header(part.style, compact));
  }
  return headers;
} catch (...) {
  rethrow_as_error();
}

FileJob plan_file_job(Session& session, FileJob job) {
  const StylizeHeaders headers = read_headers(job.files);
  const std::string output =
      goes_to_folder(job) ? job.output + "x." + job.result.format : job.output;
  job.job =
      Stylizer(session, job.options).plan(headers.content, headers.styles, output, headers.masks);
  return job;
}

std::string key_of(const FileJob& job) try {
  const StylizeOptions o = decided_options(job);
  std::string run = hash_of_run(o, job.result.quality, !job.result.no_recipe, sha256_of_network(o));
  // And by what was decided: windows and a lean optimiser are another descent.
  const Precision precision = o.precision != Precision::automatic ? o.precision
                              : has_bf16()                        ? Precision::bf16
                                                                  : Precision::f32;
  run += std::string(" ") + name_of(precision);
  for (const JobStage& s : job.job.stages) {
    run += std::string(" ") + name_of(s.kind) + " " + text_of(s.size);
    for (const int v : {s.steps, s.window_side, int{s.lean}, s.history, s.octaves}) {
      run += " " + std::to_string(v);
    }
  }
  return hash_of_job(run, job.files, sha256_hex_of_file);
} catch (...) {
  rethrow_as_error();
}

std::string result_of(const FileJob& job) {
  if (goes_to_folder(job)) check_ending(job.result.format);
  return goes_to_folder(job) ? job.output + key_of(job) + "." + job.result.format : job.output;
}

FileJobResult run_file_job(Session& session, const FileJob& job, Progress& progress) try {
  FileJobResult result{result_of(job)};
  std::error_code ignored;
  result.done = goes_to_folder(job) && fs::exists(result.file, ignored);
  if (result.done) return result;
  if (goes_to_folder(job)) make_folder(job.output);
  check_writable(result.file);
  refuse_more_than_there_is(session, job.job);

  const ReadOptions compact{.compact = true, .storage = job.job.storage};
  const auto content = std::make_shared<const Image>(read_image(job.files.content, compact));
  std::vector<SharedPainting> styles;
  for (const std::string& style : job.files.styles) {
    styles.push_back(std::make_shared<const Painting>(read_painting(style, compact)));
  }
  Regions regions = read_regions(job.files.regions);  // before networks are opened, as planned
  Stylizer stylizer(session, job.job.options);
  stylizer.set_regions(std::move(regions));
  Job timed = job.job;  // maybe on a faster machine than this
  if (!timed.stages.empty()) time_stages(timed.stages, timed.options, known_speeds(timed.options));
  timed.seconds = seconds_of(timed.stages);
  result.painted = stylizer.paint(timed, content, styles, progress);
  if (result.painted.cancelled) return result;  // a half-painted picture passes for a whole one
  WriteOptions write;
  write.quality = job.result.quality;
  write.progress = &progress;
  if (!job.result.no_recipe) write.recipe = make_recipe(job.files, job.options, result.painted);
  write_image(result.painted.image, result.file, write);
  result.painted.image = Image();
  return result;
} catch (const std::bad_alloc&) {  // what the caller's progress throws comes out as it is
  rethrow_as_error();
}

}  // namespace impasto
