#include "canvas/areas.h"

#include <algorithm>
#include <utility>

#include "backend/border.h"
#include "base/number_text.h"
#include "canvas/weighted_style.h"
#include "impasto/error.h"
#include "losses/guided_style.h"
#include "options/checks.h"

namespace impasto {

namespace {

constexpr double feather_share = 1.0 / 250;  // of the longer side, where nothing else is asked for

Mask read_mask(const Image& picture, const std::string& name, const StylizeOptions& o,
               const Size& size) {
  Mask mask = make_mask(picture, size);
  const double share = feather_share * std::max(size.width, size.height);
  feather(mask, o.feather.value_or(share));
  if (mask.empty()) {
    throw Error(ErrorCode::input,
                name + ": expected a mask with white where to paint, found nothing in it at " +
                    std::to_string(size.width) + "x" + std::to_string(size.height));
  }
  return mask;
}

Mask whole(const Size& size) {
  return {size.width, size.height,
          std::vector<uint8_t>(static_cast<size_t>(size.width) * static_cast<size_t>(size.height),
                               255)};
}

}  // namespace

Areas make_areas(const std::vector<SharedPainting>& styles, const Regions& regions,
                 const StylizeOptions& o, const Size& size) {
  Areas result;
  const Mask within =
      regions.mask ? read_mask(*regions.mask, regions.mask_name, o, size) : whole(size);
  if (!styles.empty()) {
    result.areas.push_back({styles, o.style_weights, o.strength, within});
  }
  for (const Region& r : regions.regions) {
    Mask mask = both(read_mask(*r.mask, r.name, o, size), within);
    if (mask.empty()) {
      throw Error(ErrorCode::input,
                  r.name + ": lies outside of what " + regions.mask_name + " leaves to be painted");
    }
    for (StyleArea& below : result.areas) below.mask = without(std::move(below.mask), mask);
    const double strength = r.strength.value_or(o.strength);
    result.areas.push_back({{r.style}, {}, strength, std::move(mask)});
  }
  // What is covered whole needs no painting.
  std::erase_if(result.areas, [](const StyleArea& area) { return area.mask.empty(); });
  result.painted = result.areas.front().mask;
  for (size_t i = 1; i < result.areas.size(); ++i) add(result.painted, result.areas[i].mask);
  return result;
}

void check_regions(const Image& content, const std::vector<SharedPainting>& styles,
                   const Regions& regions, const StylizeOptions& o) {
  if (!styles.empty() || regions.regions.empty())
    check_pictures(content, headers_of(addresses(styles)), o);
  if (regions.mask || !regions.regions.empty()) check_match_in_areas(o);
  StylizeOptions one = o;
  one.style_weights.clear();
  for (const Region& r : regions.regions) {
    check_pictures(content, {*r.style}, one);
    if (!r.mask || r.mask->empty()) throw Error(ErrorCode::input, r.name + ": the mask is empty");
    if (r.strength && !(*r.strength >= 0 && *r.strength <= 100)) {
      throw Error(ErrorCode::usage, r.name + ": expected a strength from 0 to 100, found " +
                                        significant(*r.strength, 6));
    }
  }
}

StylizeOptions options_in(const StyleArea& area, const StylizeOptions& options) {
  StylizeOptions o = options;
  o.style_weights = area.weights;
  o.strength = area.strength;
  return o;
}

Guide guide_at(const Mask& mask, int64_t y0, int64_t x0, int64_t height, int64_t width,
               int64_t step_y, int64_t step_x) {
  std::vector<float> weights(static_cast<size_t>(height * width), 0.0f);
  const float scale = 1.0f / (255.0f * static_cast<float>(step_y * step_x));
  for (int64_t y = 0; y < height * step_y; ++y) {
    const uint8_t* row =
        mask.row(static_cast<int>(border_index(y0 + y, mask.height, PadMode::reflect)));
    float* to = weights.data() + y / step_y * width;
    for (int64_t x = 0; x < width * step_x; ++x) {
      to[x / step_x] += scale * row[border_index(x0 + x, mask.width, PadMode::reflect)];
    }
  }
  return make_guide(weights, height, width);
}

Guide guide_at(const Mask& mask, int margin, const Shape& tap) {
  const int64_t height = mask.height + 2 * margin, width = mask.width + 2 * margin;
  return guide_at(mask, -margin, -margin, tap.h(), tap.w(), std::max<int64_t>(height / tap.h(), 1),
                  std::max<int64_t>(width / tap.w(), 1));
}

}  // namespace impasto
