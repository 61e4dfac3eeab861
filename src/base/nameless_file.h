#pragma once

#include <string>

#include "impasto/error.h"

namespace impasto {

/// A file that is open to read and write, and gone when it is closed.
struct NamelessFile {
  int descriptor;
  std::string folder;  ///< where it takes room
};

/// A new one in $TMPDIR, or else in /var/tmp before /tmp, which is often a part of memory. Throws
/// Error of that code when there is no place; `use` says for what: "a large picture".
NamelessFile open_nameless_file(const std::string& use, ErrorCode);

}  // namespace impasto
