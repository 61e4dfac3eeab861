#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace impasto {

/// A new file of a unique name in the folder of `path`, then renamed over `path`, which so is whole
/// or untouched; leaves nothing behind unless replace_target() is called. Throws Error{output}
/// naming `path` and the system's reason.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path);
  /// A file that is open to read and write and has no name: it goes when it is closed. `name` is
  /// for errors.
  OutputFile(const std::string& name, int descriptor);
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
  std::string target_, name_;
  int file_ = -1;
  bool renamed_ = false;
};

/// Throws the error that an OutputFile would throw at once, and changes nothing.
void check_folder(const std::string& path);

}  // namespace impasto
