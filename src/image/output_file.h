#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace impasto {

/// Writes a new file of a unique name in the folder of `path`, then renames it over `path`, which
/// so is whole or untouched; leaves nothing behind after a failure. Throws Error{output} naming
/// `path` and the system's reason.
void write_beside(const std::string& path, std::span<const uint8_t> content);

/// Throws the error that write_beside would throw for a short file, and changes nothing.
void check_folder(const std::string& path);

}  // namespace impasto
