#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace impasto {

/// An opened profile of lcms2's.
struct CloseProfile {
  void operator()(void* profile) const;
};
using ProfileHandle = std::unique_ptr<void, CloseProfile>;
/// Null for a broken one.
ProfileHandle open_profile(std::span<const uint8_t> icc);

/// What an ICC profile is good for in a picture with so many channels of colour.
struct EmbeddedProfile {
  /// The profile with a table for relative colorimetry, by which pictures are read: the one for
  /// another intent where it has no such table (ICC.1:2010, 8.10.2), as those of scanners and of
  /// XYB JPEGs. Empty where it can be used as it is.
  std::vector<uint8_t> mended;
  std::string fault;  ///< why it cannot be used at all; "" if it can
};
EmbeddedProfile examine_profile(std::span<const uint8_t> icc, int channels);

}  // namespace impasto
