#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace impasto::png {

/// How a PNG without an ICC profile says its colours are to be taken: by code points (cICP), or by
/// gamma and primaries (gAMA, cHRM), unless it is marked as sRGB.
struct Colour {
  std::vector<uint8_t> profile;  ///< that says the same; empty for sRGB and where nothing is said
  bool wide = false;             ///< its primaries are others than those of sRGB
  std::string note;              ///< on what it says that has no profile, such as HDR
};

/// The strongest statement counts, as in the PNG specification (third edition, 4.3). Values that no
/// picture has are ignored.
Colour colour_of(std::span<const uint8_t> file);

}  // namespace impasto::png
