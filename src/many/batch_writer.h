#pragma once

#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "impasto/batch.h"
#include "many/batch_record.h"
#include "many/pipeline.h"

namespace impasto {

/// A picture that is painted.
struct PaintedJob {
  size_t index = 0;  ///< in the batch
  StylizeResult result;
  StylizeFiles files;
  std::string hash;
  std::optional<Assessment> judged;
};

/// Encodes and writes the results of a batch, on a thread of its own, and keeps the record.
class BatchWriter {
 public:
  /// The arguments must outlive the writer.
  BatchWriter(const Batch&, const StylizeOptions&, BatchRecord&, uint64_t max_memory);
  ~BatchWriter();  ///< writes what is there
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;

  /// Waits while too much is yet to be written.
  void write(PaintedJob);
  /// What has ended since, by the job's index.
  std::optional<std::pair<size_t, BatchOutcome>> ended() { return ended_.try_pop(); }
  /// Waits until everything is written; nothing can be written afterwards. Throws when the thread
  /// had to give up.
  void finish();

 private:
  struct Waiting {
    PaintedJob job;
    SharedImage image;
  };

  void join();
  void write_all() noexcept;
  void write_jobs();
  BatchOutcome write_one(const Waiting&);

  const Batch& batch_;
  const StylizeOptions& options_;
  BatchRecord& record_;
  PictureBudget budget_;
  Queue<Waiting> queue_;
  Queue<std::pair<size_t, BatchOutcome>> ended_;
  std::exception_ptr failure_;  // read when the thread is done
  std::thread thread_;
};

}  // namespace impasto
