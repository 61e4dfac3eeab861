#pragma once

#include "base/input_file.h"
#include "image/vips.h"

namespace impasto::qoi {

/// A "Quite OK Image" (qoiformat.org), 8 bits, with alpha where it has that; decoded at once when
/// the first row is asked for. Empty, with libvips' error set, where it is damaged.
vips::Picture open(const InputFile& file);

}  // namespace impasto::qoi
