#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace impasto {

/// The file that a download grows in, NAME.RANDOM.part. It outlives the program, so that a later
/// run can go on; while one process has it open no other can. Throws Error{output} naming the file.
class PartFile {
 public:
  /// Opens what this user has of it in the folder, an ordinary file and no link, or creates it.
  /// Error{output} when another process is downloading it.
  PartFile(const std::string& folder, const std::string& name);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const { return path_; }
  uint64_t size() const { return size_; }
  void append(std::span<const char> bytes);
  void clear();
  /// Deletes the file; nothing else may be called afterwards.
  void remove();

 private:
  bool open_own(const std::string& path);
  [[noreturn]] void fail(const char* what) const;

  std::string path_;
  int descriptor_ = -1;
  uint64_t size_ = 0;
};

}  // namespace impasto
