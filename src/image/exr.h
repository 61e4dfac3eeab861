#pragma once

#include <span>
#include <string>

#include "image/vips.h"

namespace impasto::exr {

/// Whether all that its headers hold is inside the file. OpenEXR believes sizes of up to 2 GB, and
/// allocates them.
bool is_bounded(std::span<const uint8_t> file);

/// Linear light in float, scRGB, with alpha 0..1 beside it that is not multiplied in; rows are
/// decoded on demand. libvips cannot tell this format from a stream, only open its file. Empty,
/// with libvips' error set, when it cannot.
vips::Picture open(const std::string& path);

}  // namespace impasto::exr
