#include "many/batch_writer.h"

#include <filesystem>

#include "base/parallel.h"
#include "many/batch_reader.h"

namespace impasto {

namespace {

constexpr size_t useful_bytes = size_t{256} << 20;  // of pictures to be written

void make_folder_of(const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    throw Error(ErrorCode::output, folder.string() + ": cannot be made: " + failed.message());
  }
}

}  // namespace

BatchWriter::BatchWriter(const Batch& batch, const StylizeOptions& options, BatchRecord& record,
                         uint64_t max_memory)
    : batch_(batch),
      options_(options),
      record_(record),
      budget_(waiting_bytes(useful_bytes, max_memory)),
      thread_([this] { write_all(); }) {}

BatchWriter::~BatchWriter() {
  join();
}

void BatchWriter::write(PaintedJob job) {
  if (!budget_.wait()) finish();  // which says why
  SharedImage image = budget_.hold(std::move(job.result.image));
  queue_.push({std::move(job), std::move(image)});
}

void BatchWriter::finish() {
  join();
  if (failure_) std::rethrow_exception(failure_);
}

void BatchWriter::join() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

// No exception may leave a thread.
void BatchWriter::write_all() noexcept {
  const SerialLoops serial;
  try {
    write_jobs();
  } catch (...) {
    failure_ = std::current_exception();
    budget_.close();
  }
}

void BatchWriter::write_jobs() {
  while (const std::optional<Waiting> next = queue_.pop()) {
    try {
      ended_.push({next->job.index, write_one(*next)});
    } catch (...) {
      ended_.push({next->job.index, failed_outcome(std::current_exception())});
    }
  }
}

BatchOutcome BatchWriter::write_one(const Waiting& waiting) {
  const PaintedJob& job = waiting.job;
  const std::string& output = batch_.jobs[job.index].output;
  make_folder_of(output);
  WriteOptions write;
  write.quality = batch_.result.quality;
  if (!batch_.result.no_recipe) write.recipe = make_recipe(job.files, options_, job.result);
  write_image(*waiting.image, output, write);
  record_.add(output, job.hash);
  BatchOutcome outcome;
  outcome.width = waiting.image->width();
  outcome.height = waiting.image->height();
  outcome.seconds = job.result.seconds;
  outcome.judged = job.judged;
  return outcome;
}

}  // namespace impasto
