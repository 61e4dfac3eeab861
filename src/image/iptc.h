#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace impasto::iptc {

using Bytes = std::vector<uint8_t>;

/// The records of a press photograph (IPTC-NAA Information Interchange Model: caption, credit,
/// keywords) as found in a JPEG's Photoshop segment or bare in a TIFF; empty when there are none.
/// Photoshop's other resources, such as its thumbnail, are left behind.
Bytes records_in(std::span<const uint8_t> block);

/// The content of a JPEG's APP13 segment that holds the records.
Bytes photoshop_segment(std::span<const uint8_t> records);

}  // namespace impasto::iptc
