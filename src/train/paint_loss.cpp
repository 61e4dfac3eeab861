#include "train/paint_loss.h"

#include <algorithm>

namespace impasto {

namespace {

std::vector<std::string> all_taps() {
  std::vector<std::string> taps = style_taps();
  const auto& content = PaintLoss::content_taps();
  taps.insert(taps.end(), content.begin(), content.end());
  return taps;
}

Tensor of_picture(const Tensor& batch, int64_t index) {
  const Shape& s = batch.shape();
  const Shape one{1, s.h(), s.w(), s.c()};
  return batch.slice(index * one.size(), one);
}

}  // namespace

const std::vector<std::string>& PaintLoss::content_taps() {
  static const std::vector<std::string> taps = {"relu2_2", "relu4_2"};
  return taps;
}

PaintLoss::PaintLoss(std::shared_ptr<const Graph> encoder, Backend& backend, const Shape& pictures,
                     DType type, const PaintLossWeights& weights)
    : backend_(backend),
      weights_(weights),
      plan_(std::move(encoder), backend, pictures, {type, all_taps(), true, false}) {}

std::vector<std::pair<std::string, double>> PaintLoss::evaluate(
    const Tensor& pictures, const Plan& content, const std::vector<PaintTarget>& targets,
    const Tensor& dpictures) {
  const auto count = static_cast<int64_t>(targets.size());
  const double share = 1 / static_cast<double>(count);
  double of_content = 0, of_style = 0, of_tv = 0, of_chroma = 0;

  plan_.forward(pictures);
  const auto& content_layers = content_taps();
  dpictures.copy_from(plan_.backward([&](const std::string& tap, const Tensor& features,
                                         const Tensor& dfeatures, bool accumulate) {
    const auto& known = style_taps();
    const auto at = std::find(known.begin(), known.end(), tap);
    for (int64_t i = 0; i < count; ++i) {
      const PaintTarget& target = targets[static_cast<size_t>(i)];
      const Tensor f = of_picture(features, i), df = of_picture(dfeatures, i);
      if (at == known.end()) {
        const double weight =
            share * target.rest_weight / static_cast<double>(content_layers.size());
        const auto loss =
            make_content_loss(ContentKind::normalised, backend_, of_picture(content.tap(tap), i));
        of_content += weight * loss->evaluate(backend_, f, weight, &df, accumulate);
      } else {
        const double weight = share * weights_.style / static_cast<double>(known.size());
        const auto k = static_cast<size_t>(at - known.begin()) + 1;  // after the colours
        const auto loss = make_style_loss(StyleKind::w2, {{target.style[k], 1}});
        of_style += weight * loss->evaluate(backend_, f, weight, &df, accumulate);
      }
    }
  }));
  const auto tv = make_total_variation_loss(TotalVariationKind::squared);
  const auto chroma = make_chroma_variation_loss();
  for (int64_t i = 0; i < count; ++i) {
    const Tensor picture = of_picture(pictures, i), gradient = of_picture(dpictures, i);
    const double weight = share * targets[static_cast<size_t>(i)].rest_weight;
    of_tv += weight * weights_.tv * tv->evaluate(picture, weight * weights_.tv, &gradient);
    of_chroma +=
        weight * weights_.chroma * chroma->evaluate(picture, weight * weights_.chroma, &gradient);
  }
  return {{"total", of_content + of_style + of_tv + of_chroma},
          {"content", of_content},
          {"style", of_style},
          {"tv", of_tv},
          {"chroma", of_chroma}};
}

}  // namespace impasto
