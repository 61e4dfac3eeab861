#pragma once

#include <string>
#include <vector>

namespace impasto {

/// "0.1.0"
const char* version();

/// A part of impasto that takes libraries of its own. Where a build leaves it out, what asks for it
/// throws Error{unsupported}, which names them, and everything else works.
struct Component {
  std::string name;     ///< "fetch"; its CMake switch is IMPASTO_FETCH
  std::string does;     ///< "fetching networks"
  std::string takes;    ///< "libcurl"
  std::string package;  ///< Debian's, which brings that: "libcurl4-openssl-dev"; or several
  bool built_in = false;
};

/// All there are, in this build or not.
const std::vector<Component>& components();

}  // namespace impasto
