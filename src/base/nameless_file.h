#pragma once

#include <string>

namespace impasto {

/// A new file without a name, open to read and write: in $TMPDIR, or else in /var/tmp before /tmp,
/// which is often a part of memory. `folder` receives where. -1, with errno, when there is no place
/// for it.
int open_nameless_file(std::string& folder);

}  // namespace impasto
