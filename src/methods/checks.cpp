#include "methods/checks.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "impasto/error.h"
#include "methods/colours.h"

namespace impasto {

namespace {

// Bytes that new allocations can get without swapping; a large number when it cannot be told.
uint64_t available_memory() {
  std::ifstream info("/proc/meminfo");
  std::string word;
  uint64_t kilobytes = 0;
  while (info >> word) {
    if (word == "MemAvailable:" && info >> kilobytes) return kilobytes * 1024;
  }
  return UINT64_MAX;
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
  for (const Option& option : stylize_options(o)) option.set(option.get());  // ranges
  return o;
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

Size result_size(const Image& content, const StylizeOptions& o) {
  return o.size > 0 ? scaled_to(content, o.size) : Size{content.width(), content.height()};
}

size_t checked_bytes(const Engine& engine, const Size& size,
                     const std::vector<WeightedStyle>& styles, const StylizeOptions& o) {
  return checked_bytes(size, [&](const Size& s) { return scale_bytes(engine, s, styles, o); });
}

size_t checked_bytes(const Size& size, const std::function<size_t(const Size&)>& bytes_for) {
  const size_t bytes = bytes_for(size);
  const uint64_t available = available_memory();
  if (bytes < available) return bytes;
  const int longer = std::max(size.width, size.height);
  int fits = longer;
  for (double factor = 0.9; fits > 1; factor *= 0.9) {
    fits = static_cast<int>(longer * factor);
    const Size smaller{std::max(1, static_cast<int>(size.width * factor)),
                       std::max(1, static_cast<int>(size.height * factor))};
    if (bytes_for(smaller) < available) break;
  }
  throw Error(ErrorCode::memory, "painting " + std::to_string(size.width) + "x" +
                                     std::to_string(size.height) + " needs " +
                                     std::to_string(bytes >> 20) + " MiB, " +
                                     std::to_string(available >> 20) + " MiB are free; --size " +
                                     std::to_string(fits) + " would fit");
}

}  // namespace impasto
