#pragma once

#include "base/input_file.h"

namespace impasto {

/// The name of the compression of a TIFF's first picture if that hands pieces of the file to a
/// decoder that is not let at files otherwise; nullptr if not, also where the header is damaged.
const char* unsafe_compression(const InputFile&);

}  // namespace impasto
