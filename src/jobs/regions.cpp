#include "impasto/regions.h"

#include "base/promise.h"
#include "impasto/style_file.h"

namespace impasto {

std::vector<std::string> RegionFiles::paths() const {
  std::vector<std::string> result;
  if (!mask.empty()) result.push_back(mask);
  for (const Part& part : parts) result.insert(result.end(), {part.mask, part.style});
  return result;
}

Regions read_regions(const RegionFiles& files) try {
  const ReadOptions compact{.compact = true};
  Regions regions;
  if (!files.mask.empty()) {
    regions.mask = std::make_shared<const Image>(read_image(files.mask, compact));
    regions.mask_name = files.mask;
  }
  for (const RegionFiles::Part& part : files.parts) {
    regions.regions.push_back({std::make_shared<const Image>(read_image(part.mask, compact)),
                               std::make_shared<const Painting>(read_painting(part.style, compact)),
                               part.strength, part.mask});
  }
  return regions;
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
