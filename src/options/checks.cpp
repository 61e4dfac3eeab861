#include "options/checks.h"

#include <algorithm>
#include <cmath>

#include "image/size.h"
#include "impasto/error.h"

namespace impasto {

StylizeOptions checked(const StylizeOptions& options) {
  check_ranges(stylize_options(), options);
  return options;
}

void check_pictures(const PictureHeader& content, const std::vector<PaintingHeader>& styles,
                    const StylizeOptions& o) {
  if (content.empty()) throw Error(ErrorCode::input, "the photograph is empty");
  if (styles.empty()) throw Error(ErrorCode::usage, "no painting to take the style from (`style`)");
  for (size_t i = 0; i < styles.size(); ++i) {
    if (styles[i].empty()) {
      throw Error(ErrorCode::input, "painting " + std::to_string(i + 1) + " is empty");
    }
    if (o.match > 0 && styles[i].learned) {
      throw Error(ErrorCode::usage, "`match` looks for parts of a painting, and painting " +
                                        std::to_string(i + 1) + " is a style file without any");
    }
  }
  if (!o.style_weights.empty() && o.style_weights.size() != styles.size()) {
    throw Error(ErrorCode::usage, std::to_string(styles.size()) + " paintings but " +
                                      std::to_string(o.style_weights.size()) + " weights");
  }
  double sum = o.style_weights.empty() ? 1 : 0;
  for (const double w : o.style_weights) {
    if (!(w >= 0) || !std::isfinite(w)) {
      throw Error(ErrorCode::usage, "a painting's weight must be 0 or more");
    }
    sum += w;
  }
  if (!(sum > 0)) throw Error(ErrorCode::usage, "all paintings have weight 0");
  check_colours(o);
  if (o.content_weight == 0 && o.style_weight == 0) {
    throw Error(ErrorCode::usage, "`content-weight` 0 and `style-weight` 0 leave nothing to paint");
  }
}

void check_paintings(const PictureHeader& content, const std::vector<PaintingHeader>& paintings,
                     size_t masks, const StylizeOptions& o) {
  if (masks > 0) check_match_in_areas(o);
  const size_t weights = o.style_weights.size(), count = paintings.size();
  const size_t of_regions = count - std::min(count, weights);
  if (masks == 0 || weights == 0 || (of_regions != masks && of_regions + 1 != masks)) {
    return check_pictures(content, paintings, o);
  }
  const auto first_of_regions = paintings.begin() + static_cast<ptrdiff_t>(weights);
  check_pictures(content, {paintings.begin(), first_of_regions}, o);
  if (of_regions == 0) return;
  StylizeOptions unweighted = o;
  unweighted.style_weights.clear();
  check_pictures(content, {first_of_regions, paintings.end()}, unweighted);
}

void check_match_in_areas(const StylizeOptions& o) {
  if (o.match == 0) return;
  throw Error(ErrorCode::usage,
              "`match` finds what is painted like what, and masks and regions say it: one of both");
}

void check_size(const Size& size, const std::string& text) {
  const int64_t pixels = int64_t{size.width} * size.height;
  if (pixels <= most_pixels) return;
  constexpr int64_t million = 1'000'000;
  throw Error(ErrorCode::usage, "size " + text + ": expected a result of at most " +
                                    std::to_string(most_pixels / million) +
                                    " megapixels, the largest that can be read again, found " +
                                    text_of(size) + ", " + std::to_string(pixels / million) +
                                    " megapixels");
}

int result_bits(const PictureHeader& content, const StylizeOptions& o) {
  return o.bits.value_or(content.bits);
}

std::string start_file(const StylizeOptions& o) {
  const bool word =
      o.start == automatic || o.start == "content" || o.start == "noise" || o.start == "instant";
  return word ? "" : o.start;
}

bool keeps_palette(const StylizeOptions& o) {
  return o.colors == Colors::match || o.colors == Colors::content;
}

void check_colours(const StylizeOptions& o) {
  if (o.palette == 100 || !keeps_palette(o)) return;
  throw Error(ErrorCode::usage, "`palette` and `colors` " + std::string(name_of(o.colors)) +
                                    " contradict each other: its palette is the photograph's");
}

}  // namespace impasto
