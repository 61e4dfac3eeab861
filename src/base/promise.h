#pragma once

namespace impasto {

/// In the catch (...) of a function that others call: whatever was thrown leaves as Error, which is
/// the one exception that impasto promises. Memory that there is none of, a file system's error,
/// and what a library throws, which is our mistake.
[[noreturn]] void rethrow_as_error();

}  // namespace impasto
