#pragma once

#include <string>
#include <vector>

#include "impasto/regions.h"

namespace impasto::cli {

/// Of --region: MASK=PAINTING[:STRENGTH] each. Throws Error{usage} for a text of another form or a
/// strength that is not from 0 to 100.
std::vector<RegionFiles::Part> parse_regions(const std::vector<std::string>& texts);

}  // namespace impasto::cli
