#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace impasto {

/// The file that a download grows in. It outlives the program, so that a later run can go on;
/// while one process has it open no other can. Throws Error{output} naming the file.
class PartFile {
 public:
  /// Opens or creates `path`; Error{output} when another process is downloading it.
  explicit PartFile(const std::string& path);
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
  [[noreturn]] void fail(const char* what) const;

  std::string path_;
  int descriptor_ = -1;
  uint64_t size_ = 0;
};

}  // namespace impasto
