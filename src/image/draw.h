#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "impasto/image.h"

namespace impasto {

/// One line of UTF-8 text in the system's sans-serif face: `pixel_height` rows from ascender to
/// descender, every pixel of the given grey (0..1), the letters in its alpha. Line breaks become
/// spaces; at least one pixel wide. Throws Error{unsupported} when this libvips cannot draw text.
Image render_text(const std::string& text, int pixel_height, float grey);

/// Lays `tile`, by its alpha if it has one, over the canvas with its top left corner at (x, y).
/// What falls outside is cut off; the canvas's own alpha is left alone.
void blit(Image& canvas, const Image& tile, int x, int y);

/// `values` (row by row, width * height of them) as colours of the viridis map, dark blue for `low`
/// and below, yellow for `high` and above, grey where not a number. Throws Error{internal} when
/// their number does not fit.
Image heat_map(std::span<const float> values, int width, int height, float low, float high);

/// A contact sheet on white: the pictures at their own size in rows of `columns`, each centred
/// above its label. An empty picture leaves its place free. Throws Error{internal} for no items or
/// columns.
Image labelled_grid(const std::vector<std::pair<std::string, Image>>& items, int columns);

}  // namespace impasto
