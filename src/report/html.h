#pragma once

#include <string>
#include <string_view>

#include "impasto/image.h"

namespace impasto {

/// Any bytes as text of an HTML or SVG document, also within a quoted attribute: the five special
/// characters as entities; bytes that are not UTF-8, and control characters, as U+FFFD.
std::string html_text(std::string_view bytes);

/// Four significant digits, whole numbers up to a million; a dash for what is not finite.
std::string html_number(double);

/// A data: URL of the picture, reduced to this longer side, without its metadata: JPEG, or PNG
/// where the picture has alpha. "" for an empty picture.
std::string picture_url(const Image&, int longer_side);

}  // namespace impasto
