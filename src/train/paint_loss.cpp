#include "train/paint_loss.h"

#include <algorithm>

namespace impasto {

const std::vector<std::string>& PaintLoss::content_taps() {
  static const std::vector<std::string> taps = {"relu1_2", "relu4_2"};
  return taps;
}

// Without relu5_1, whose statistics bring things of the painting, eyes above all.
const std::vector<std::string>& PaintLoss::style_layers() {
  static const std::vector<std::string> taps(style_taps().begin(), style_taps().end() - 1);
  return taps;
}

PaintLoss::PaintLoss(std::shared_ptr<const Graph> encoder, Backend& backend, const Shape& pictures,
                     DType type, const PaintLossWeights& weights)
    : backend_(backend),
      weights_(weights),
      objective_(std::move(encoder), backend, {1, pictures.h(), pictures.w(), 3}, type) {}

std::vector<std::pair<std::string, double>> PaintLoss::evaluate(
    const Tensor& pictures, const Plan& content, const std::vector<PaintTarget>& targets,
    const Tensor& dpictures) {
  const auto count = static_cast<int64_t>(targets.size());
  const double share = 1 / static_cast<double>(count);
  std::vector<std::pair<std::string, double>> means = {{"total", 0}};
  for (int64_t i = 0; i < count; ++i) {
    const PaintTarget& target = targets[static_cast<size_t>(i)];
    const double rest = share * target.rest_weight;
    objective_.clear();
    const auto& layers = content_taps();
    for (const std::string& tap : layers) {
      objective_.add(
          "content", tap, rest / static_cast<double>(layers.size()),
          make_content_loss(ContentKind::normalised, backend_, content.tap(tap).picture(i)));
    }
    const auto& styles = style_layers();
    for (size_t k = 0; k < styles.size(); ++k) {
      objective_.add("style", styles[k],
                     share * weights_.style / static_cast<double>(styles.size()),
                     make_style_loss(StyleKind::w2, {{target.style[k + 1], 1}}));  // after colours
    }
    objective_.add("tv", rest * weights_.tv,
                   make_total_variation_loss(TotalVariationKind::squared));
    objective_.add("chroma", rest * weights_.chroma, make_chroma_variation_loss());
    means[0].second += objective_.evaluate(pictures.picture(i), dpictures.picture(i));
    for (const auto& [term, value] : objective_.terms()) {
      const auto found = std::find_if(means.begin(), means.end(),
                                      [&](const auto& mean) { return mean.first == term; });
      if (found == means.end())
        means.emplace_back(term, value);
      else
        found->second += value;
    }
  }
  return means;
}

}  // namespace impasto
