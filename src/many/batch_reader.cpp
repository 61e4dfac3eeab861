#include "many/batch_reader.h"

#include <algorithm>

#include "base/parallel.h"
#include "base/promise.h"
#include "formats/sha256.h"
#include "impasto/style_file.h"
#include "jobs/job_key.h"

namespace impasto {

namespace {

constexpr size_t ahead_bytes = size_t{256} << 20;      // of photographs
constexpr size_t paintings_bytes = size_t{512} << 20;  // kept for the next photograph

}  // namespace

BatchOutcome failed_outcome(std::exception_ptr failure) {
  BatchOutcome outcome;
  outcome.end = BatchOutcome::End::failed;
  try {
    try {
      std::rethrow_exception(failure);
    } catch (...) {
      rethrow_as_error();
    }
  } catch (const Error& e) {
    outcome.code = e.code();
    outcome.error = e.what();
  }
  return outcome;
}

BatchReader::BatchReader(const Batch& batch, const BatchRecord& record, std::string run_hash,
                         uint64_t max_memory)
    : batch_(batch),
      record_(record),
      run_hash_(std::move(run_hash)),
      ahead_bytes_(waiting_bytes(ahead_bytes, max_memory)),
      paintings_bytes_(waiting_bytes(paintings_bytes, max_memory)),
      budget_(ahead_bytes_),
      compact_{.compact = true, .cancelled = [this] { return stopped_.load(); }},
      thread_([this] { read_all(); }) {}

BatchReader::~BatchReader() {
  stopped_ = true;
  budget_.close();
  thread_.join();
}

std::optional<LoadedJob> BatchReader::next(const std::function<bool()>& stop) {
  std::optional<LoadedJob> job = queue_.pop_unless(stop);
  if (!job && !stop() && failure_) std::rethrow_exception(failure_);
  return job;
}

// No exception may leave a thread.
void BatchReader::read_all() noexcept {
  const SerialLoops serial;
  try {
    read_jobs();
  } catch (...) {
    failure_ = std::current_exception();
  }
  queue_.close();
}

void BatchReader::read_jobs() {
  for (size_t i = 0; i < batch_.jobs.size(); ++i) {
    LoadedJob job;
    job.index = i;
    if (batch_.jobs[i].photo != photo_path_) {  // what is not needed any more makes room
      photo_path_.clear();
      photo_.reset();
    }
    if (!budget_.wait()) break;
    try {
      load(batch_.jobs[i], job);
    } catch (...) {
      job.outcome = failed_outcome(std::current_exception());
    }
    queue_.push(std::move(job));
  }
}

void BatchReader::load(const BatchJob& wanted, LoadedJob& job) {
  job.files.content = wanted.photo;
  job.files.styles = wanted.styles;
  job.files.regions = batch_.regions;
  job.hash =
      hash_of_job(run_hash_, job.files, [this](const std::string& path) { return sha256(path); });
  if (record_.is_done(wanted.output, job.hash)) {
    job.outcome.emplace().end = BatchOutcome::End::skipped;
    return;
  }
  if (!photo_) {
    photo_ = budget_.hold(read_image(wanted.photo, kept(wanted.photo)));
    photo_path_ = wanted.photo;
  }
  job.photo = photo_;
  for (const std::string& style : wanted.styles) job.styles.push_back(painting(style));
  job.files.sha256[wanted.photo] = sha256(wanted.photo);
  for (const std::string& style : wanted.styles) job.files.sha256[style] = sha256(style);
  for (const std::string& path : batch_.regions.paths()) job.files.sha256[path] = sha256(path);
}

SharedPainting BatchReader::painting(const std::string& path) {
  const auto known = std::find_if(paintings_.begin(), paintings_.end(),
                                  [&](const KeptPainting& p) { return p.path == path; });
  if (known != paintings_.end()) {
    paintings_.splice(paintings_.begin(), paintings_, known);
    return known->image;
  }
  const auto image = std::make_shared<const Painting>(read_painting(path, compact_));
  paintings_.push_front({path, image, image->bytes()});
  size_t kept = 0;
  const auto too_many =
      std::find_if(paintings_.begin(), paintings_.end(), [&](const KeptPainting& p) {
        kept += p.bytes;
        return kept > paintings_bytes_;
      });
  // The others of a mixture are held by their job.
  paintings_.erase(too_many, paintings_.end());
  return image;
}

// What is too large to be read ahead is kept in a file.
ReadOptions BatchReader::kept(const std::string& photo) const {
  ReadOptions options = compact_;
  if (ahead_bytes_ < ahead_bytes && read_header(photo, compact_).bytes() > ahead_bytes_) {
    options.storage = Storage::file;
  }
  return options;
}

const std::string& BatchReader::sha256(const std::string& path) {
  const auto known = sha256_.find(path);
  return known != sha256_.end() ? known->second
                                : sha256_.emplace(path, sha256_hex_of_file(path)).first->second;
}

}  // namespace impasto
