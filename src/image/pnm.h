#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "image/vips.h"

namespace impasto::pnm {

/// A picture of the PBM, PGM, PPM (P1 to P6, plain or raw, any maximum value) or PFM kind (whose
/// rows begin at the bottom), as netpbm's manuals describe them. PFM is linear light, scRGB. Rows
/// are decoded on demand, from bytes that `owner` keeps. Empty, with libvips' error set, where it
/// is damaged. (libvips 8.14 turns PFM over, takes the packed digits of a P1 for one number, and
/// leaves values as they are, whatever their maximum.)
vips::Picture open(std::span<const uint8_t> file, std::shared_ptr<const void> owner);

}  // namespace impasto::pnm
