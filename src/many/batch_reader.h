#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "impasto/batch.h"
#include "many/batch_record.h"
#include "many/pipeline.h"

namespace impasto {

/// What a failure is to the one who follows a batch.
BatchOutcome failed_outcome(std::exception_ptr);

/// A job with its pictures.
struct LoadedJob {
  size_t index = 0;                     ///< in the batch
  std::optional<BatchOutcome> outcome;  ///< if it ends here: it is done already, or has failed
  SharedImage photo;
  std::vector<SharedPainting> styles;
  StylizeFiles files;  ///< with their hashes
  std::string hash;    ///< of the job
};

/// Reads the pictures of a batch ahead of their use, on a thread of its own. A photograph that
/// several jobs need is read once; paintings are kept while there is room.
class BatchReader {
 public:
  /// The arguments must outlive the reader.
  BatchReader(const Batch&, const BatchRecord&, std::string run_hash, uint64_t max_memory);
  ~BatchReader();  ///< stops reading
  BatchReader(const BatchReader&) = delete;
  BatchReader& operator=(const BatchReader&) = delete;

  /// The jobs in order; nothing after the last, or when `stop`, which is asked while it waits, says
  /// so. Throws when the thread had to give up.
  std::optional<LoadedJob> next(const std::function<bool()>& stop);

 private:
  struct KeptPainting {
    std::string path;
    SharedPainting image;
    size_t bytes;
  };

  void read_all() noexcept;
  void read_jobs();
  void load(const BatchJob&, LoadedJob&);
  SharedPainting painting(const std::string& path);
  ReadOptions kept(const std::string& photo) const;
  const std::string& sha256(const std::string& path);

  const Batch& batch_;
  const BatchRecord& record_;
  const std::string run_hash_;
  const size_t ahead_bytes_, paintings_bytes_;
  PictureBudget budget_;
  std::atomic<bool> stopped_ = false;
  const ReadOptions compact_;
  Queue<LoadedJob> queue_;
  // Of the reading thread alone.
  std::string photo_path_;
  SharedImage photo_;                  // the last one
  std::list<KeptPainting> paintings_;  // the last used first
  std::map<std::string, std::string> sha256_;
  std::exception_ptr failure_;  // set before the queue is closed

  std::thread thread_;
};

}  // namespace impasto
