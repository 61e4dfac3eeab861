#include "methods/build_objective.h"

#include <algorithm>
#include <cmath>

#include "impasto/error.h"
#include "losses/geodesic.h"
#include "losses/guided_style.h"
#include "methods/areas.h"
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

// Of everything where nothing is guided, or a part is too small to be seen.
FeatureStatistics statistics_within(Backend& backend, const Tensor& features, const Guide& guide) {
  return guide.positions.empty() ? feature_statistics(backend, features)
                                 : guided_statistics(backend, features, guide);
}

std::vector<std::vector<WeightedStyle>> by_area(const std::vector<WeightedStyle>& styles) {
  std::vector<std::vector<WeightedStyle>> areas;
  for (const WeightedStyle& s : styles) {
    const auto same = [&](const auto& others) { return others[0].area == s.area; };
    const auto found = std::find_if(areas.begin(), areas.end(), same);
    (found != areas.end() ? *found : areas.emplace_back()).push_back(s);
  }
  return areas;
}

// The style losses of one area, whose paintings are mixed. A part of the picture counts by its
// share of it: so that it is painted as strongly as if it were all.
void add_styles(const Network& network, Backend& backend, DType type, const Image& photo,
                const std::vector<WeightedStyle>& styles, double strength, const StylizeOptions& o,
                Objective& objective) {
  const LayerWeights layers = style_layers_for(*network.graph, o);
  const Size inside{photo.width() - 2 * o.margin, photo.height() - 2 * o.margin};
  std::vector<Guide> guides;   // of the area, if it is not all, at each layer;
  std::vector<double> shares;  // of that layer's positions
  if (styles[0].area) {
    const Mask area = resized(*styles[0].area, inside);
    const Shape shape{1, photo.height(), photo.width(), 3};
    const Plan plan(network.graph, backend, shape, reading(layers, type));
    for (const auto& [tap, weight] : layers) {
      const Shape at = plan.tap_shape(tap);
      guides.push_back(guide_at(area, o.margin, at));
      shares.push_back(guides.back().sum / static_cast<double>(at.pixels()));
    }
  }
  // What the photograph has of itself, where a gentle style goes only a part of the way.
  const double way = o.style_weight >= 0 ? 1 : style_share(strength);
  std::vector<FeatureStatistics> own;
  if (way < 1) {
    const Plan look = look_at(network, backend, type, photo, layers);
    for (size_t i = 0; i < layers.size(); ++i) {
      own.push_back(statistics_within(backend, look.tap(layers[i].first),
                                      guides.empty() ? Guide() : guides[i]));
    }
  }
  std::vector<std::vector<StyleTarget>> targets(layers.size());
  for (const WeightedStyle& s : styles) {
    auto statistics =
        statistics_of(network, backend, type, *s.image, painting_side(inside, o), layers, s.part);
    for (size_t i = 0; i < layers.size(); ++i) {
      if (way < 1) statistics[i] = between(own[i], statistics[i], way);
      targets[i].push_back({std::move(statistics[i]), s.weight});
    }
  }
  const StyleKind kind = style_kind(o.style_loss);
  for (size_t i = 0; i < layers.size(); ++i) {
    const auto& [tap, layer_weight] = layers[i];
    double weight =
        o.style_weight >= 0 ? o.style_weight : overall * style_weight_for(strength, o.style_loss);
    weight *= layer_weight;
    if (o.style_weight < 0 && kind == StyleKind::gram) {
      const Tensor like({1, 1, 1, targets[i][0].statistics.channels}, type);
      weight *= balance(*make_style_loss(kind, targets[i]), backend, like);
    }
    if (guides.empty()) {
      objective.add("style", tap, weight, make_style_loss(kind, std::move(targets[i])));
      continue;
    }
    objective.add("style", tap, weight * shares[i],
                  make_guided_style_loss(kind, std::move(targets[i]), std::move(guides[i])));
  }
}

}  // namespace

std::vector<FeatureStatistics> statistics_of(const Network& network, Backend& backend, DType type,
                                             const Image& painting, int side,
                                             const LayerWeights& layers, const Mask* within) {
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
  const Mask part = within ? resized(*within, size) : Mask();
  for (const auto& [tap, share] : layers) {
    const Tensor features = look.tap(tap);
    const Guide guide = within ? guide_at(part, 0, features.shape()) : Guide();
    result.push_back(statistics_within(backend, features, guide));
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
                                           const StylizeOptions& o,
                                           const std::shared_ptr<const Graph>& joined) {
  const Shape shape{1, photo.height(), photo.width(), 3};
  auto objective =
      std::make_unique<Objective>(joined ? joined : network.graph, backend, shape, type);
  const LayerWeights content =
      o.content_layers.empty() ? content_layers_for(o.detail) : o.content_layers;

  if (o.content_weight != 0) {
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

  double gentle = 0;
  for (const std::vector<WeightedStyle>& area : by_area(styles)) {
    const double strength = area[0].strength >= 0 ? area[0].strength : o.strength;
    gentle = std::max(gentle, smoothing_share(strength));
    add_styles(network, backend, type, photo, area, strength, o, *objective);
  }
  objective->add("tv", o.tv_weight >= 0 ? o.tv_weight : gentle * balanced_tv,
                 make_total_variation_loss(o.tv_loss == "absolute" ? TotalVariationKind::absolute
                                                                   : TotalVariationKind::squared,
                                           joined != nullptr));
  const double chroma = o.chroma_weight >= 0 ? o.chroma_weight
                        : o.tv_weight < 0    ? gentle * balanced_chroma
                                             : 0;
  if (chroma > 0) objective->add("chroma", chroma, make_chroma_variation_loss(joined != nullptr));
  const double edges = edges_weight_for(o.detail, o.strength);
  if (edges > 0 && o.content_layers.empty() && o.content_weight != 0) {
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
