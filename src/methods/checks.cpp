#include "methods/checks.h"

#include <algorithm>
#include <cmath>

#include "base/memory.h"
#include "impasto/error.h"
#include "methods/colours.h"
#include "methods/picture.h"

namespace impasto {

namespace {

std::string mebibytes(uint64_t bytes) {
  return std::to_string((bytes + (1 << 20) - 1) >> 20);
}

}  // namespace

std::vector<const Image*> addresses(const std::vector<Image>& images) {
  std::vector<const Image*> result;
  for (const Image& image : images) result.push_back(&image);
  return result;
}

std::vector<const Image*> addresses(const std::vector<SharedImage>& images) {
  std::vector<const Image*> result;
  for (const SharedImage& image : images) result.push_back(image.get());
  return result;
}

StylizeOptions checked(const StylizeOptions& options) {
  StylizeOptions o = options;
  check_ranges(stylize_options(o));
  return o;
}

void check_ranges(const std::vector<Option>& table) {
  for (const Option& option : table) option.set(option.get());
}

void check_pictures(const Image& content, const std::vector<const Image*>& styles,
                    const StylizeOptions& o) {
  if (content.empty()) throw Error(ErrorCode::input, "the photograph is empty");
  if (styles.empty()) throw Error(ErrorCode::usage, "no painting to take the style from (--style)");
  for (size_t i = 0; i < styles.size(); ++i) {
    if (styles[i]->empty()) {
      throw Error(ErrorCode::input, "painting " + std::to_string(i + 1) + " is empty");
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
    throw Error(ErrorCode::usage, "--content-weight 0 and --style-weight 0 leave nothing to paint");
  }
}

void check_paintings(const Image& content, const std::vector<const Image*>& paintings, size_t masks,
                     const StylizeOptions& o) {
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

void check_size(const Size& size, const std::string& text) {
  const int64_t pixels = int64_t{size.width} * size.height;
  if (pixels <= most_pixels) return;
  constexpr int64_t million = 1'000'000;
  throw Error(ErrorCode::usage, "--size " + text + ": expected a result of at most " +
                                    std::to_string(most_pixels / million) +
                                    " megapixels, the largest that can be read again, found " +
                                    text_of(size) + ", " + std::to_string(pixels / million) +
                                    " megapixels");
}

int result_bits(const Image& content, const StylizeOptions& o) {
  return o.bits == "auto" ? content.bits : o.bits == "16" ? 16 : 8;
}

std::string start_file(const StylizeOptions& o) {
  const bool word = o.start == "content" || o.start == "noise" || o.start == "instant";
  return word ? "" : o.start;
}

size_t memory_for(uint64_t max_memory) {
  return max_memory > 0 ? max_memory - std::min<uint64_t>(max_memory, process_bytes)
                        : available_memory();
}

size_t checked_bytes(const Engine& engine, const Size& size,
                     const std::vector<WeightedStyle>& styles, const StylizeOptions& o) {
  const size_t most = memory_for(o.max_memory);
  return checked_bytes(size, o.max_memory,
                       [&](const Size& s) { return plan_scale(engine, s, styles, o, most).bytes; });
}

size_t checked_bytes(const Size& size, uint64_t max_memory,
                     const std::function<size_t(const Size&)>& bytes_for) {
  const uint64_t most = memory_for(max_memory);
  const size_t bytes = bytes_for(size);
  if (bytes <= most) return bytes;
  const int longer = std::max(size.width, size.height);
  int fits = 0;
  size_t least = bytes;
  for (double factor = 0.9; fits == 0 && longer * factor >= 1; factor *= 0.9) {
    const Size smaller{std::max(1, static_cast<int>(size.width * factor)),
                       std::max(1, static_cast<int>(size.height * factor))};
    least = bytes_for(smaller);
    if (least <= most) fits = static_cast<int>(longer * factor);
  }
  const std::string painting =
      "painting " + std::to_string(size.width) + "x" + std::to_string(size.height) + " needs ";
  const std::string would_fit = "--size " + std::to_string(fits) + " would fit";
  if (max_memory == 0) {
    throw Error(ErrorCode::memory, painting + mebibytes(bytes) + " MiB, " + mebibytes(most) +
                                       " MiB are free; " +
                                       (fits > 0 ? would_fit : "that is not enough for any size"));
  }
  throw Error(ErrorCode::memory, painting + "--max-memory " + mebibytes(bytes + process_bytes + 1) +
                                     "M, found " + text_of_bytes(max_memory) + "; " +
                                     (fits > 0 ? would_fit
                                               : "the smallest pictures need " +
                                                     mebibytes(least + process_bytes + 1) + "M"));
}

}  // namespace impasto
