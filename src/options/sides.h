#pragma once

#include <optional>
#include <string>

#include "impasto/image.h"

namespace impasto {

constexpr int largest_side = 100'000;  ///< pixels that --size may ask for

/// "640x480", or "512" for 512x512; nothing for other texts, or sides not in 1..largest_side.
std::optional<Size> parse_sides(const std::string& text);

}  // namespace impasto
