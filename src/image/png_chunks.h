#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace impasto::png {

constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";

/// The content of the first chunk of this name that stands before the pixels, where those belong
/// that say how to take them; empty when there is none.
std::span<const uint8_t> chunk(std::span<const uint8_t> file, std::string_view name);

}  // namespace impasto::png
