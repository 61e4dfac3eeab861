#pragma once

#include <string_view>

namespace impasto {

/// What the stub of a component does: throws Error{unsupported} with a line that tells what is
/// missing and which package brings it.
[[noreturn]] void not_in_this_build(std::string_view component);

}  // namespace impasto
