#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace impasto::jpeg {

/// Whether there is no end marker behind the beginning of the pixels, as in files of some cameras
/// and of transfers that broke off. False for what does not get as far as its pixels.
bool lacks_end(std::span<const uint8_t> file);

/// The same file with its end, if that is all that it lacks; empty where libjpeg has to make up
/// pixels (which libvips does not tell of the last rows).
std::vector<uint8_t> with_end(std::span<const uint8_t> file);

}  // namespace impasto::jpeg
