#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/temporary.h"

namespace impasto {

/// A file as impasto/output.h says that files are written. Leaves nothing behind unless
/// replace_target() is called. Throws Error{output} naming `path` and the system's reason.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path);
  /// One that is open already and has no name: a pipe, say. It closes it. `name` is for messages.
  OutputFile(int descriptor, const std::string& name);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::span<const uint8_t> content);
  void append(std::span<const uint8_t> content);  ///< at the end
  /// Puts bytes over what is there.
  void overwrite(uint64_t place, std::span<const uint8_t> content);
  int descriptor() const { return file_; }  ///< to read and write
  void replace_target();

 private:
  std::string path_, target_;  // as given, and what that points to
  std::optional<TemporaryName> name_;
  int file_ = -1;
  bool renamed_ = false;
};

}  // namespace impasto
