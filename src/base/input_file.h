#pragma once

#include <cstdint>
#include <string>

namespace impasto {

/// An ordinary file, open to be read. Folders, pipes and devices are refused before anything is
/// read of them: they could block, or never end. Throws Error{input} naming the file.
class InputFile {
 public:
  explicit InputFile(const std::string& path);
  /// One that is open already, which it closes. `path`: its name in messages.
  InputFile(int descriptor, const std::string& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  int descriptor() const { return file_; }
  const std::string& path() const { return path_; }
  uint64_t size() const { return size_; }
  /// As many bytes from `place` on as there are, at most `count`. Throws Error{input}.
  size_t read(uint64_t place, size_t count, void* to) const;

 private:
  void check();

  const std::string path_;
  const int file_;
  uint64_t size_ = 0;
};

}  // namespace impasto
