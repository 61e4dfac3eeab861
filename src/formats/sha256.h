#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace impasto {

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<const std::byte> bytes);

/// The same of a file's content, read piece by piece. Throws Error{input} when it cannot be read.
std::string sha256_hex_of_file(const std::string& path);

}  // namespace impasto
