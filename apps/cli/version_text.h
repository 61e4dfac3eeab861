#pragma once

#include <string>

namespace impasto::cli {

/// What --version prints: the version, then which components are built in, then which are not, each
/// with the package that would bring it.
std::string version_text();

}  // namespace impasto::cli
