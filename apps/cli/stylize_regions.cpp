#include "stylize_regions.h"

#include <filesystem>

#include "impasto/error.h"
#include "stylize_files.h"

namespace impasto::cli {

namespace {

// The = after a mask's name: the first, unless one after it ends the name of a file.
size_t end_of_mask(const std::string& text) {
  std::error_code ignored;
  const size_t first = text.find('=');
  for (size_t at = first; at != std::string::npos; at = text.find('=', at + 1)) {
    if (std::filesystem::exists(text.substr(0, at), ignored)) return at;
  }
  return first;
}

}  // namespace

std::vector<RegionFiles::Part> parse_regions(const std::vector<std::string>& texts) {
  std::vector<RegionFiles::Part> parts;
  for (const std::string& text : texts) {
    const size_t equals = end_of_mask(text);
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      throw Error(ErrorCode::usage,
                  "--region: expected MASK=PAINTING[:STRENGTH], found '" + text + "'");
    }
    const auto [style, strength] = split_number(text.substr(equals + 1), -1);
    const bool given = style.size() < text.size() - equals - 1;
    if (given && !(strength >= 0 && strength <= 100)) {
      throw Error(ErrorCode::usage,
                  "--region " + text + ": expected a strength from 0 to 100 after the painting");
    }
    parts.push_back(
        {text.substr(0, equals), style, given ? std::optional(strength) : std::nullopt});
  }
  return parts;
}

}  // namespace impasto::cli
