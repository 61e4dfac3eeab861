#pragma once

#include <string>
#include <vector>

#include "impasto/image.h"
#include "impasto/stylize.h"
#include "options/option_table.h"

namespace impasto {

/// The options with all values in their ranges. Throws Error{usage}: a value out of range.
StylizeOptions checked(const StylizeOptions&);
/// Throws Error{usage}: options that contradict the pictures or each other; Error{input}: pictures
/// that are empty.
void check_pictures(const PictureHeader& content, const std::vector<PaintingHeader>& styles,
                    const StylizeOptions&);
/// The same of paintings that are mixed and, behind them, those of regions, which have no weights;
/// `masks` are those of the regions, or one more.
void check_paintings(const PictureHeader& content, const std::vector<PaintingHeader>& paintings,
                     size_t masks, const StylizeOptions&);
/// Throws Error{usage} where `match` is asked for beside masks or regions.
void check_match_in_areas(const StylizeOptions&);
/// Throws Error{usage}: a result of that size could not be read back. `text` is what asked for it.
void check_size(const Size&, const std::string& text);
/// A channel of the result: `bits` of the options, or the photograph's own.
int result_bits(const PictureHeader& content, const StylizeOptions&);
/// The picture's path that a run starts from; "" where `start` is a word.
std::string start_file(const StylizeOptions&);
/// Throws Error{usage}: a palette of a mode that has none to choose.
void check_colours(const StylizeOptions&);
/// Whether the result's palette is the photograph's.
bool keeps_palette(const StylizeOptions&);

}  // namespace impasto
