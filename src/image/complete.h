#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "image/picture_kind.h"
#include "image/vips.h"

namespace impasto {

/// Brings onto a picture what its file says and libvips does not hand on, or not rightly, where
/// everybody looks for it: among its metadata.
/// - EXIF, normalised and with the resolution, whichever way the format tells them, as upright.
/// - XMP of JPEG XL and HEIF.
/// - A profile that says what PNG's gamma, primaries or code points say; for others, the profile
///   that libvips can use, or none, where it is broken or made for other channels.
/// Returns what users should know of that: "" for nothing.
std::string complete(_VipsImage*, PictureKind, std::span<const uint8_t> file);

/// Whether the profile of a picture stands for something else that its file says of sRGB's own
/// primaries, so that what is made of the picture can do without.
bool has_made_profile(_VipsImage*);

}  // namespace impasto
