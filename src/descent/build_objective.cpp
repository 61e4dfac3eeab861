#include "descent/build_objective.h"

#include <algorithm>
#include <cmath>

#include "canvas/areas.h"
#include "canvas/picture.h"
#include "canvas/strip.h"
#include "impasto/error.h"
#include "losses/geodesic.h"
#include "losses/guided_style.h"
#include "options/strength.h"
#include "transfer/style_file.h"

namespace impasto {

namespace {

// Scales every term alike: L-BFGS measures its first step by the size of the gradient.
constexpr double overall = 1000;
// Of style's weight, where only smoothness is against it.
constexpr double without_content = 0.25;
// Enough against woven skies and coloured fringes, too little to blur strokes (judged by eye).
constexpr double balanced_tv = 8 * overall;
constexpr double balanced_chroma = 50 * overall;
// What is finer than such a share of the picture is the brush's own: at 512 pixels 4 of them, as in
// the paper of the Laplacian loss.
constexpr int blocks_on_a_side = 128;
// Below this share of the deepest pictures' sides a painting holds no strokes.
constexpr int smallest_painting = 32;

// The statistics of relu5_1 hold a texture together, and bring things of a painting, eyes above
// all, to where a photograph is flat.
LayerWeights default_style_layers(const Graph& graph, bool with_content) {
  std::vector<const char*> names = {"relu1_1", "relu2_1", "relu3_1", "relu4_1"};
  if (!with_content) names.push_back("relu5_1");
  LayerWeights layers;
  for (const char* tap : names) {
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

// Larger pictures are looked at window by window.
constexpr int64_t most_at_once = int64_t{1} << 22;
constexpr Window look_window{1024, 1024};

Shape shape_of(const PictureSource& picture) {
  return {1, picture.height, picture.width, 3};
}

TiledPlan look_plan(const Network& network, Backend& backend, DType type, const Shape& shape,
                    const LayerWeights& layers) {
  const bool large = shape.h() * shape.w() > most_at_once;
  return {network.graph, backend, shape, reading(layers, type), large ? look_window : Window{}};
}

TiledPlan::Read reader(const PictureSource& picture) {
  return [picture](int64_t y, int64_t x, const Tensor& window) {
    const Tensor pixels = window.dtype() == DType::f32 ? window : Tensor(window.shape());
    read_window(picture, y, x, pixels);
    if (pixels.raw() != window.raw()) window.copy_from(pixels);
  };
}

// What is known of a picture, and of more of it: of everything where nothing is guided, or the
// guide is too small to be seen.
FeatureStatistics with_part(const FeatureStatistics& known, Backend& backend,
                            const Tensor& features, const Part& part, const Guide& guide) {
  if (guide.positions.empty()) return together(known, feature_statistics(backend, features));
  const Guide own = guide_within(guide, part, features.shape());
  return own.positions.empty() ? known : together(known, guided_statistics(backend, features, own));
}

// Of a part of a picture with a margin, at each layer.
std::vector<Guide> guides_at(const Mask& part, int margin, const Network& network, Backend& backend,
                             const LayerWeights& layers) {
  const Shape picture{1, part.height + 2 * margin, part.width + 2 * margin, 3};
  const Plan plan(network.graph, backend, picture, reading(layers, DType::f32));
  std::vector<Guide> guides;
  for (const auto& [tap, weight] : layers) {
    guides.push_back(guide_at(part, margin, plan.tap_shape(tap)));
  }
  return guides;
}

// A picture's statistics at each of these layers, within guides if there are any.
std::vector<FeatureStatistics> look_at(TiledPlan plan, Backend& backend,
                                       const PictureSource& picture, const LayerWeights& layers,
                                       const std::vector<Guide>& guides = {}) {
  std::vector<FeatureStatistics> result(layers.size());
  for (const Tile& tile : plan.tiles()) {
    plan.forward(reader(picture), tile);
    for (size_t i = 0; i < layers.size(); ++i) {
      const std::string& tap = layers[i].first;
      const auto [y, x] = plan.place_of(tap, tile);
      result[i] = with_part(result[i], backend, plan.tap(tap, tile), {y, x, {}},
                            guides.empty() ? Guide() : guides[i]);
    }
  }
  return result;
}

// Plain content and Gram losses grow with the features; divided by their value for an empty
// picture they weigh the same in every network.
double balance(FeatureLoss& loss, Backend& backend, const Tensor& like) {
  const Tensor nothing = Tensor::zeros(like.shape(), like.dtype());
  const double value = loss.evaluate(backend, nothing, 0, nullptr, false);
  return value > 0 ? 1 / value : 1;
}

// The same for a plain content loss, whose value for an empty picture is the mean square.
double balance(const FeatureStatistics& s) {
  double sum = 0;
  for (size_t c = 0; c < s.mean.size(); ++c) {
    sum += s.covariance[c * s.mean.size() + c] + s.mean[c] * s.mean[c];
  }
  return sum > 0 ? static_cast<double>(s.channels) / sum : 1;
}

int painting_side(const Size& result, const StylizeOptions& o) {
  return std::max(static_cast<int>(std::lround(stroke_side(result) * o.style_scale)),
                  smallest_painting);
}

LayerWeights style_layers_for(const Graph& graph, const StylizeOptions& o) {
  return o.style_layers.empty() ? default_style_layers(graph, o.content_weight != 0)
                                : o.style_layers;
}

LayerWeights content_layers(const StylizeOptions& o) {
  return o.content_layers.empty() ? content_layers_for(o.detail) : o.content_layers;
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
void add_styles(const Network& network, Backend& backend, DType type, const PictureSource& photo,
                const std::vector<WeightedStyle>& styles, double strength, const StylizeOptions& o,
                const Window& window, Objective& objective) {
  const LayerWeights layers = style_layers_for(*network.graph, o);
  const Size inside{photo.width - 2 * o.margin, photo.height - 2 * o.margin};
  std::vector<Guide> guides;  // of the area, if it is not all, at each layer
  if (styles[0].area) {
    guides = guides_at(resized(*styles[0].area, inside), o.margin, network, backend, layers);
  }
  // What the photograph has of itself, where a gentle style goes only a part of the way.
  const double way = o.style_weight ? 1 : style_share(strength);
  std::vector<FeatureStatistics> own;
  if (way < 1) {
    own = look_at({network.graph, backend, shape_of(photo), reading(layers, type), window}, backend,
                  photo, layers, guides);
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
  const StyleKind kind = o.style_loss;
  for (size_t i = 0; i < layers.size(); ++i) {
    const auto& [tap, layer_weight] = layers[i];
    double weight =
        o.style_weight ? *o.style_weight : overall * style_weight_for(strength, o.style_loss);
    weight *= layer_weight;
    if (!o.style_weight && o.content_weight == 0) weight *= without_content;
    if (!o.style_weight && kind == StyleKind::gram) {
      const Tensor like({1, 1, 1, targets[i][0].statistics.channels}, type);
      weight *= balance(*make_style_loss(kind, targets[i]), backend, like);
    }
    if (guides.empty()) {
      objective.add("style", tap, weight, make_style_loss(kind, std::move(targets[i])));
      continue;
    }
    const double share = guides[i].sum / static_cast<double>(guides[i].height * guides[i].width);
    objective.add("style", tap, weight * share,
                  make_guided_style_loss(kind, std::move(targets[i]), std::move(guides[i])));
  }
}

}  // namespace

std::vector<FeatureStatistics> statistics_of(const Network& network, Backend& backend, DType type,
                                             const Painting& painting, int side,
                                             const LayerWeights& layers, const Mask* within) {
  std::vector<FeatureStatistics> result;
  if (const SavedStyle* saved = painting.learned.get()) {
    check_encoder(*saved, network.name, network.sha256, name_of(network.config.pooling));
    for (const auto& [tap, share] : layers) {
      result.push_back(statistics_at(*saved, side, tap));
    }
    return result;
  }
  const Size size = look_size(painting, side);
  const PictureSource picture = source_of(painting, size);
  std::vector<Guide> guides;
  if (within) guides = guides_at(resized(*within, size), 0, network, backend, layers);
  return look_at(look_plan(network, backend, type, shape_of(picture), layers), backend, picture,
                 layers, guides);
}

size_t painting_bytes(const Network& network, Backend& backend, DType type,
                      const PaintingHeader& painting, const Size& result, const StylizeOptions& o) {
  if (painting.learned) return 0;
  const Size size = look_size(painting, painting_side(result, o));
  const Shape shape{1, size.height, size.width, 3};
  return look_plan(network, backend, type, shape, style_layers_for(*network.graph, o)).bytes();
}

LayerWeights content_layers_for(double detail) {
  const double low = std::min(detail, 50.0) / 50;
  LayerWeights layers;
  if (low > 0) layers.emplace_back("relu1_2", 0.5 * low);
  layers.emplace_back("relu4_2", 1 - 0.5 * low);
  return layers;
}

double edges_weight_for(double detail, double strength) {
  constexpr double at_100 = 4;  // judged by eye on faces and buildings at strength 75 and 100
  return at_100 * std::max(detail - 50, 0.0) / 50 * style_weight_for(strength, StyleKind::w2) /
         style_weight_for(50, StyleKind::w2);
}

ObjectiveOutline outline_objective(const Network& network, Backend& backend, DType type,
                                   const Shape& picture, const StylizeOptions& o,
                                   const Window& window) {
  PlanOptions options = reading(style_layers_for(*network.graph, o), type);
  options.input_gradient = true;
  const LayerWeights content = o.content_weight == 0 ? LayerWeights() : content_layers(o);
  for (const auto& [tap, weight] : content) {
    const bool listed = std::count(options.taps.begin(), options.taps.end(), tap) > 0;
    if (!listed) options.taps.push_back(tap);
  }
  const TiledPlan plan(network.graph, backend, picture, options, window);
  // Beside it the photograph's features: all of them, or those of a tile.
  size_t photo = 0;
  for (const auto& [tap, weight] : content) photo += plan.tap_bytes(tap);
  return {plan.bytes() + photo,
          static_cast<int>(plan.tiles().size()),
          {static_cast<int>(plan.window().w()), static_cast<int>(plan.window().h())}};
}

std::unique_ptr<Objective> build_objective(const Network& network, Backend& backend, DType type,
                                           const PictureSource& photo,
                                           const std::vector<WeightedStyle>& styles,
                                           const StylizeOptions& o, const Window& window,
                                           const std::shared_ptr<const Graph>& joined) {
  const Shape shape = shape_of(photo);
  auto objective =
      std::make_unique<Objective>(joined ? joined : network.graph, backend, shape, type, window);
  const LayerWeights content = content_layers(o);
  const double content_weight = o.content_weight.value_or(overall);
  const bool balanced = !o.content_weight && o.content_loss == ContentKind::plain;

  if (o.content_weight == 0) {
    // Nothing of the photograph is asked for.
  } else if (window.height > 0 || window.width > 0) {
    objective->set_photo(reader(photo));
    const auto known = look_at({network.graph, backend, shape, reading(content, type), window},
                               backend, photo, content);
    for (size_t i = 0; i < content.size(); ++i) {
      const double weight = balanced ? content_weight * balance(known[i]) : content_weight;
      objective->add("content", content[i].first, weight * content[i].second,
                     make_content_loss(o.content_loss, known[i]));
    }
  } else {
    Plan look(network.graph, backend, shape, reading(content, type));
    look.forward(to_tensor(photo));
    for (const auto& [tap, share] : content) {
      const Tensor features = look.tap(tap);
      auto loss = make_content_loss(o.content_loss, backend, features);
      const double weight =
          balanced ? content_weight * balance(*loss, backend, features) : content_weight;
      objective->add("content", tap, weight * share, std::move(loss));
    }
  }

  double gentle = 0;
  for (const std::vector<WeightedStyle>& area : by_area(styles)) {
    const double strength = area[0].strength >= 0 ? area[0].strength : o.strength;
    gentle = std::max(gentle, smoothing_share(strength));
    add_styles(network, backend, type, photo, area, strength, o, window, *objective);
  }
  objective->add("tv", o.tv_weight.value_or(gentle * balanced_tv),
                 make_total_variation_loss(o.tv_loss, joined != nullptr));
  const double chroma = o.chroma_weight ? *o.chroma_weight
                        : !o.tv_weight  ? gentle * balanced_chroma
                                        : 0;
  if (chroma > 0) objective->add("chroma", chroma, make_chroma_variation_loss(joined != nullptr));
  const double edges = edges_weight_for(o.detail, o.strength);
  if (edges > 0 && o.content_layers.empty() && o.content_weight != 0) {
    const Size inside{photo.width - 2 * o.margin, photo.height - 2 * o.margin};
    objective->add(
        "edges", edges * overall,
        make_laplacian_loss(
            photo.height, photo.width, stroke_side(inside) / blocks_on_a_side,
            [&](int64_t y, float* rgb) { photo.read(0, static_cast<int>(y), photo.width, rgb); }));
  }
  return objective;
}

}  // namespace impasto
