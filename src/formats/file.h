#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace impasto {

/// The whole content of a regular file. Throws Error{input} naming it when it is missing, a folder
/// or a device, unreadable, or larger than `max_bytes` (checked before anything is read).
std::vector<std::byte> read_file(const std::string& path, uint64_t max_bytes);

/// Writes a file, whole or not at all (impasto/output.h). Throws Error{output}.
void write_file(const std::string& path, std::span<const std::byte> content);

}  // namespace impasto
