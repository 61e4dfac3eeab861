#pragma once

#include <string>
#include <string_view>

namespace impasto::xmp {

/// The photograph's XMP packet ("" when it has none) with the recipe as impasto:Recipe and without
/// any earlier one. What cannot be extended, or repeats the
/// recipe without end, is replaced. "" when neither has anything to say.
std::string with_recipe(std::string packet, std::string_view recipe);

/// The text that with_recipe put in, also after other programs have rewritten the packet; or "".
std::string recipe_in(std::string_view packet);

/// tiff:Orientation set to 1 (upright), for pixels that have been turned; "" for a packet that
/// repeats it without end.
std::string upright(std::string packet);

}  // namespace impasto::xmp
