#pragma once

#include <string>
#include <string_view>

namespace impasto {

// Every file that impasto writes is written beside its place, in a new file, and then renamed. So
// it is whole or untouched. A symbolic link stays one: what it points to is written. A file that
// nobody may write is not replaced, and one that is replaced keeps its permissions. What is left of
// a process that was killed is removed by the next one, on the same machine, that writes into the
// same folder.

/// Writes a text so. Throws Error{output} naming `path` and the system's reason.
void write_text(const std::string& path, std::string_view text);

/// Throws what writing to `path` would throw at once; changes nothing.
void check_output(const std::string& path);

/// Removes the files that are being written; for a program that ends now. A signal handler may call
/// it.
void remove_unfinished() noexcept;

}  // namespace impasto
