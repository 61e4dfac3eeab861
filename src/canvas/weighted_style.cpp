#include "canvas/weighted_style.h"

namespace impasto {

std::vector<WeightedStyle> weighted(const std::vector<const Painting*>& styles,
                                    const StylizeOptions& o) {
  std::vector<WeightedStyle> weighted;
  for (size_t i = 0; i < styles.size(); ++i) {
    weighted.push_back({styles[i], o.style_weights.empty() ? 1.0 : o.style_weights[i]});
  }
  return weighted;
}

std::vector<const Painting*> addresses(const std::vector<Painting>& paintings) {
  std::vector<const Painting*> result;
  for (const Painting& painting : paintings) result.push_back(&painting);
  return result;
}

std::vector<const Painting*> addresses(const std::vector<SharedPainting>& paintings) {
  std::vector<const Painting*> result;
  for (const SharedPainting& painting : paintings) result.push_back(painting.get());
  return result;
}

std::vector<PaintingHeader> headers_of(const std::vector<const Painting*>& paintings) {
  std::vector<PaintingHeader> result;
  for (const Painting* painting : paintings) result.emplace_back(*painting);
  return result;
}

}  // namespace impasto
