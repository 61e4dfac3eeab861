#pragma once

#include <string>

namespace impasto {

/// What is said of a path where there is nothing: `what` was expected ("file", "file or folder").
/// One with * or ? in it is a pattern for which the shell found no file.
inline std::string missing(const std::string& path, const std::string& what) {
  const bool pattern = path.find_first_of("*?") != std::string::npos;
  return "no such " + what + (pattern ? "; nothing matches this pattern" : "");
}

}  // namespace impasto
