#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <span>
#include <vector>

#include "base/output_file.h"

struct _VipsTarget;

namespace impasto {

/// Where libvips' savers put a file piece by piece, so that it never is in memory as a whole.
class FileTarget {
 public:
  /// `splice` may put something into the file's beginning, of which it gets at least 64 bytes of a
  /// longer file. Without it savers may go back and change what they wrote.
  using Splice = std::function<void(std::vector<uint8_t>& beginning)>;
  FileTarget(OutputFile&, Splice);
  ~FileTarget();
  FileTarget(const FileTarget&) = delete;
  FileTarget& operator=(const FileTarget&) = delete;

  _VipsTarget* get() const { return target_; }
  /// After the saver: writes what is left. Throws Error{output} if anything could not be written.
  void finish();
  /// The same, for a saver that failed: because of that, or for reasons of its own.
  void check() const;

 private:
  bool write(std::span<const uint8_t>);

  OutputFile& file_;
  Splice splice_;
  std::vector<uint8_t> beginning_;
  bool begun_ = false;
  std::exception_ptr failure_;
  _VipsTarget* target_;
};

}  // namespace impasto
