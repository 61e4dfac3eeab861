#pragma once

#include <string>

namespace impasto {

/// The name of a temporary file in a folder, .impasto-MACHINE-BOOT-PROCESS-RANDOM.tmp: so that
/// whoever writes there next can tell whether somebody still needs it, and nobody can guess it.
/// While it lives, remove_unfinished() removes the file.
class TemporaryName {
 public:
  /// `folder` is "" for the current one.
  explicit TemporaryName(const std::string& folder);
  ~TemporaryName();  ///< of a file that is gone by now, or is somebody's
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int slot_ = -1;
};

/// Opens a new file, locked as long as it is open, of this name. -1 with errno.
int create_temporary(const TemporaryName&);

/// Removes temporary files that processes of this machine left in a folder when they were killed.
/// Looks once into each folder.
void clear_temporaries(const std::string& folder);

}  // namespace impasto
