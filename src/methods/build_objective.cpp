#include "methods/build_objective.h"

#include <algorithm>
#include <cmath>

#include "impasto/error.h"
#include "losses/geodesic.h"
#include "methods/picture.h"
#include "methods/strength.h"
#include "methods/strip.h"
#include "transfer/style_file.h"

namespace impasto {

namespace {

// Scales every term alike: L-BFGS measures its first step by the size of the gradient.
constexpr double overall = 1000;
// Enough against woven skies and coloured fringes, too little to blur strokes (judged by eye).
constexpr double balanced_tv = 8 * overall;
constexpr double balanced_chroma = 50 * overall;
// What is finer than such a share of the picture is the brush's own: at 512 pixels 4 of them, as in
// the paper of the Laplacian loss.
constexpr int blocks_on_a_side = 128;
// Below this share of the deepest pictures' sides a painting holds no strokes.
constexpr int smallest_painting = 32;

ContentKind content_kind(const std::string& name) {
  return name == "plain" ? ContentKind::plain : ContentKind::normalised;
}

StyleKind style_kind(const std::string& name) {
  if (name == "gram") return StyleKind::gram;
  return name == "moments" ? StyleKind::moments : StyleKind::w2;
}

LayerWeights default_style_layers(const Graph& graph) {
  LayerWeights layers;
  for (const char* tap : {"relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"}) {
    const auto& taps = graph.taps();
    if (std::any_of(taps.begin(), taps.end(), [&](const auto& t) { return t.first == tap; })) {
      layers.emplace_back(tap, 1.0);
    }
  }
  for (auto& [tap, weight] : layers) weight /= static_cast<double>(layers.size());
  return layers;
}

PlanOptions reading(const LayerWeights& layers, DType type) {
  PlanOptions options;
  options.type = type;
  for (const auto& [tap, weight] : layers) options.taps.push_back(tap);
  return options;
}

// A network that has looked at a picture and holds its features at these layers.
Plan look_at(const Network& network, Backend& backend, DType type, const Image& picture,
             const LayerWeights& layers) {
  const Tensor input = to_tensor(picture);
  Plan plan(network.graph, backend, input.shape(), reading(layers, type));
  plan.forward(input);
  return plan;
}

// Plain content and Gram losses grow with the features; divided by their value for an empty
// picture they weigh the same in every network.
double balance(FeatureLoss& loss, Backend& backend, const Tensor& like) {
  const Tensor nothing = Tensor::zeros(like.shape(), like.dtype());
  const double value = loss.evaluate(backend, nothing, 0, nullptr, false);
  return value > 0 ? 1 / value : 1;
}

int painting_side(const Size& result, const StylizeOptions& o) {
  return std::max(static_cast<int>(std::lround(stroke_side(result) * o.style_scale)),
                  smallest_painting);
}

LayerWeights style_layers_for(const Graph& graph, const StylizeOptions& o) {
  return o.style_layers.empty() ? default_style_layers(graph) : o.style_layers;
}

}  // namespace

std::vector<FeatureStatistics> statistics_of(const Network& network, Backend& backend, DType type,
                                             const Image& painting, int side,
                                             const LayerWeights& layers) {
  std::vector<FeatureStatistics> result;
  if (const SavedStyle* saved = painting.saved_style.get()) {
    check_encoder(*saved, network.name, network.sha256, name_of(network.config.pooling));
    for (const auto& [tap, share] : layers) {
      result.push_back(statistics_at(*saved, side, tap));
    }
    return result;
  }
  const Size size = look_size(painting, side);
  const Plan look =
      look_at(network, backend, type, resize(painting, size.width, size.height), layers);
  for (const auto& [tap, share] : layers) {
    result.push_back(feature_statistics(backend, look.tap(tap)));
  }
  return result;
}

size_t painting_bytes(const Network& network, Backend& backend, DType type, const Image& painting,
                      const Size& result, const StylizeOptions& o) {
  if (painting.saved_style) return 0;
  const Size size = look_size(painting, painting_side(result, o));
  const Shape shape{1, size.height, size.width, 3};
  const PlanOptions options = reading(style_layers_for(*network.graph, o), type);
  // Beside the features: the painting at that size, as a picture and as a tensor.
  return Plan(network.graph, backend, shape, options).arena_bytes() +
         2 * sizeof(float) * static_cast<size_t>(shape.size());
}

LayerWeights content_layers_for(double detail) {
  const double low = std::min(detail, 50.0) / 50, high = std::max(detail - 50, 0.0) / 50;
  LayerWeights layers;
  if (high > 0) layers.emplace_back("relu1_2", 0.5 * high);
  if (low > 0 && high < 1) layers.emplace_back("relu2_2", 0.5 * low * (1 - high));
  layers.emplace_back("relu4_2", 1 - 0.5 * low);
  return layers;
}

double edges_weight_for(double detail, double strength) {
  constexpr double at_100 = 2;  // judged by eye on faces and buildings at strength 75 and 100
  return at_100 * std::max(detail - 50, 0.0) / 50 * style_weight_for(strength, "w2") /
         style_weight_for(50, "w2");
}

std::unique_ptr<Objective> build_objective(const Network& network, Backend& backend, DType type,
                                           const Image& photo,
                                           const std::vector<WeightedStyle>& styles,
                                           const StylizeOptions& o) {
  const Shape shape{1, photo.height(), photo.width(), 3};
  auto objective = std::make_unique<Objective>(network.graph, backend, shape, type);
  const LayerWeights content =
      o.content_layers.empty() ? content_layers_for(o.detail) : o.content_layers;
  const LayerWeights style = style_layers_for(*network.graph, o);

  {
    const Plan look = look_at(network, backend, type, photo, content);
    for (const auto& [tap, share] : content) {
      const Tensor features = look.tap(tap);
      auto loss = make_content_loss(content_kind(o.content_loss), backend, features);
      double weight = o.content_weight >= 0 ? o.content_weight : overall;
      if (o.content_weight < 0 && o.content_loss == "plain") {
        weight *= balance(*loss, backend, features);
      }
      objective->add("content", tap, weight * share, std::move(loss));
    }
  }

  // What the photograph has of itself, where a gentle style goes only a part of the way.
  const double share = o.style_weight >= 0 ? 1 : style_share(o.strength);
  std::vector<FeatureStatistics> own;
  if (share < 1) {
    const Plan look = look_at(network, backend, type, photo, style);
    for (const auto& [tap, weight] : style) {
      own.push_back(feature_statistics(backend, look.tap(tap)));
    }
  }

  // Statistics of every painting at every layer.
  std::vector<std::vector<StyleTarget>> targets(style.size());
  for (const WeightedStyle& s : styles) {
    const int side =
        painting_side({photo.width() - 2 * o.margin, photo.height() - 2 * o.margin}, o);
    std::vector<FeatureStatistics> statistics =
        statistics_of(network, backend, type, *s.image, side, style);
    for (size_t i = 0; i < style.size(); ++i) {
      if (share < 1) statistics[i] = between(own[i], statistics[i], share);
      targets[i].push_back({std::move(statistics[i]), s.weight});
    }
  }
  for (size_t i = 0; i < style.size(); ++i) {
    const Tensor like({1, 1, 1, targets[i][0].statistics.channels}, type);
    auto loss = make_style_loss(style_kind(o.style_loss), std::move(targets[i]));
    double weight =
        o.style_weight >= 0 ? o.style_weight : overall * style_weight_for(o.strength, o.style_loss);
    if (o.style_weight < 0 && o.style_loss == "gram") weight *= balance(*loss, backend, like);
    objective->add("style", style[i].first, weight * style[i].second, std::move(loss));
  }
  const double gentle = smoothing_share(o.strength);
  objective->add("tv", o.tv_weight >= 0 ? o.tv_weight : gentle * balanced_tv,
                 make_total_variation_loss(o.tv_loss == "absolute" ? TotalVariationKind::absolute
                                                                   : TotalVariationKind::squared));
  const double chroma = o.chroma_weight >= 0 ? o.chroma_weight
                        : o.tv_weight < 0    ? gentle * balanced_chroma
                                             : 0;
  if (chroma > 0) objective->add("chroma", chroma, make_chroma_variation_loss());
  const double edges = edges_weight_for(o.detail, o.strength);
  if (edges > 0 && o.content_layers.empty()) {
    const Size inside{photo.width() - 2 * o.margin, photo.height() - 2 * o.margin};
    objective->add(
        "edges", edges * overall,
        make_laplacian_loss(photo.height(), photo.width(), stroke_side(inside) / blocks_on_a_side,
                            [&](int64_t y, float* rgb) {
                              photo.read(0, static_cast<int>(y), photo.width(), rgb);
                            }));
  }
  return objective;
}

}  // namespace impasto
