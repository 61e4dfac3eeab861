#pragma once

#include <cstdint>
#include <string>

namespace impasto {

/// Bytes that this process can take beside what it holds without pushing others out: what Linux
/// says is available, what is left of the memory limits of its control groups (version 1 and 2; the
/// cache of files that a group holds does not count), and of its address space (ulimit -v). A large
/// number when nothing can be told. `root` is where /proc and /sys are.
uint64_t available_memory(const std::string& root = "/");

/// Throws Error{memory} when so many bytes of address space cannot be had at once. For before
/// calls into libraries that do not look whether they got what they asked for.
void require_address_space(size_t bytes);

/// Bytes of the process that are in memory now; 0 when it cannot be told.
uint64_t resident_memory();

/// "500M", "1.5G", "2GiB" (powers of 1024) or "2GB" (of 1000) as bytes; K to T, upper or lower
/// case. 0 for what is none of these, or less than a byte, or more than 1024T.
uint64_t parse_bytes(const std::string& text);

/// What parse_bytes() reads back as the same: "1536M".
std::string text_of_bytes(uint64_t bytes);

/// So many whole mebibytes that hold them: "1537".
std::string text_of_mebibytes(uint64_t bytes);

}  // namespace impasto
