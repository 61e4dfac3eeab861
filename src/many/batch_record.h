#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace impasto {

/// What is done in a folder: FOLDER/.impasto/done, a line "HASH BYTES NAME" for each result that
/// was written, the last of a name counts. Lines are only ever added, each in one piece, so
/// whatever ends the program leaves a record that can be read.
class BatchRecord {
 public:
  /// Makes the folder if need be and reads what is there. Throws Error{output}.
  explicit BatchRecord(const std::string& folder);
  ~BatchRecord();
  BatchRecord(const BatchRecord&) = delete;
  BatchRecord& operator=(const BatchRecord&) = delete;

  /// Whether `output`, a file in the folder, came from this job and still has its size.
  bool is_done(const std::string& output, const std::string& job_hash) const;
  /// `output` has just been written. Throws Error{output}. May run beside is_done().
  void add(const std::string& output, const std::string& job_hash);

 private:
  struct Done {
    std::string hash;
    uint64_t bytes = 0;
  };
  std::string name_of(const std::string& output) const;
  void read(const std::string& path);

  const std::string folder_;
  std::map<std::string, Done> done_;  // as it was read
  int file_ = -1;
};

}  // namespace impasto
