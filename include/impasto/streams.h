#pragma once

#include <cstdint>
#include <string>

#include "impasto/image.h"

namespace impasto {

// Pictures through pipes.

/// Reads a descriptor to its end and keeps what comes, at most `most_bytes`, in a file without a
/// name in $TMPDIR (else /var/tmp), for as long as the process lives. Returns a path by which this
/// process and those that it starts can open it, as often as they like. Throws Error{input} that
/// begins with `name`: nothing came, too much, or it cannot be read; Error{output}: no room for it.
std::string keep_input(int descriptor, const std::string& name, int64_t most_bytes);

/// As write_image() into a file, in a `format` such as "png". It is written in one go when the
/// whole picture is encoded. Errors begin with `name`.
void write_image(const Image&, int descriptor, const std::string& name, const std::string& format,
                 const WriteOptions& options = {});

}  // namespace impasto
