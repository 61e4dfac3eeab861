#include "canvas/weighted_style.h"

namespace impasto {

std::vector<WeightedStyle> weighted(const std::vector<const Image*>& styles,
                                    const StylizeOptions& o) {
  std::vector<WeightedStyle> weighted;
  for (size_t i = 0; i < styles.size(); ++i) {
    weighted.push_back({styles[i], o.style_weights.empty() ? 1.0 : o.style_weights[i]});
  }
  return weighted;
}

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

}  // namespace impasto
