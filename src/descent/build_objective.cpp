#include "descent/build_objective.h"

#include <algorithm>
#include <cmath>

#include "canvas/picture.h"
#include "canvas/strip.h"
#include "descent/alike.h"
#include "descent/statistics.h"
#include "impasto/error.h"
#include "losses/geodesic.h"
#include "losses/guided_style.h"
#include "losses/style.h"
#include "options/strength.h"

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

// The style losses of a scale.
class StyleTerms {
 public:
  StyleTerms(const Network& network, Backend& backend, DType type, const PictureSource& photo,
             double strength, const StylizeOptions& o, const Window& window, Objective& objective)
      : network_(network),
        backend_(backend),
        type_(type),
        photo_(photo),
        inside_{photo.width - 2 * o.margin, photo.height - 2 * o.margin},
        strength_(strength),
        o_(o),
        window_(window),
        objective_(objective),
        layers_(style_layers_for(*network.graph, o)) {}

  // The paintings of one area, which are mixed. A part of the picture counts by its share of it:
  // so that it is painted as strongly as if it were all.
  void add(const std::vector<WeightedStyle>& styles) {
    Guides guides;
    if (styles[0].area) {
      guides =
          guides_within(resized(*styles[0].area, inside_), o_.margin, network_, backend_, layers_);
    }
    const Statistics own = of_photo({guides}).front();
    Targets whole(layers_.size());
    std::vector<std::vector<Statistics>> looks;  // at the paintings that are matched
    double all = 0, alike = 0;
    for (const WeightedStyle& s : styles) {
      all += s.weight;
      if (s.alike) alike += s.weight;
      Statistics statistics;
      if (s.alike) {
        looks.push_back(look_at_parts(s));
        statistics = looks.back().back();
      } else {
        statistics = statistics_of(network_, backend_, type_, *s.image, painting_side(inside_, o_),
                                   layers_, s.part);
      }
      for (size_t i = 0; i < layers_.size(); ++i) {
        whole[i].push_back({on_the_way(own, i, std::move(statistics[i])), s.weight});
      }
    }
    const double match = all > 0 ? o_.match / 100 / all : 0;
    double left = 1 - match * alike;  // for what is not matched, with the first that is
    auto look = looks.begin();
    for (const WeightedStyle& s : styles) {
      if (!s.alike) continue;
      add_alike(s, *look++, match * s.weight, whole, left);
      left = 0;
    }
    for (size_t i = 0; i < layers_.size() && left > 0; ++i) {
      const double weight = left * weight_of(i, whole[i]);
      if (guides.empty()) {
        add(i, weight, make_style_loss(o_.style_loss, std::move(whole[i])));
      } else {
        const double share = share_of_all(guides[i]);
        add(i, weight * share,
            make_guided_style_loss(o_.style_loss, std::move(whole[i]), std::move(guides[i])));
      }
    }
  }

 private:
  using Statistics = std::vector<FeatureStatistics>;      // at each layer
  using Targets = std::vector<std::vector<StyleTarget>>;  // likewise

  static double share_of_all(const Guide& guide) {
    return guide.sum / static_cast<double>(guide.height * guide.width);
  }

  // What the photograph has of itself, where a gentle style goes only a part of the way.
  std::vector<Statistics> of_photo(const std::vector<Guides>& parts) {
    if (way_ == 1) return std::vector<Statistics>(parts.size());
    return statistics_of_parts(
        {network_.graph, backend_, shape_of(photo_), reading(layers_, type_), window_}, backend_,
        photo_, layers_, parts);
  }
  FeatureStatistics on_the_way(const Statistics& own, size_t layer,
                               FeatureStatistics target) const {
    return way_ == 1 || own[layer].channels == 0 ? std::move(target)
                                                 : between(own[layer], target, way_);
  }

  double weight_of(size_t layer, const std::vector<StyleTarget>& targets) const {
    const StyleKind kind = o_.style_loss;
    double weight =
        o_.style_weight ? *o_.style_weight : overall * style_weight_for(strength_, kind);
    weight *= layers_[layer].second;
    if (!o_.style_weight && o_.content_weight == 0) weight *= without_content;
    if (!o_.style_weight && kind == StyleKind::gram) {
      const Tensor like({1, 1, 1, targets[0].statistics.channels}, type_);
      weight *= balance(*make_style_loss(kind, targets), backend_, like);
    }
    return weight;
  }
  void add(size_t layer, double weight, std::unique_ptr<FeatureLoss> loss) {
    objective_.add("style", layers_[layer].first, weight, std::move(loss));
  }

  // Of a painting's parts, and behind them of all of it.
  std::vector<Statistics> look_at_parts(const WeightedStyle& style) {
    const Size size = look_size(*style.image, painting_side(inside_, o_));
    const PictureSource painting = source_of(*style.image, size);
    std::vector<Guides> parts = parts_at_layers(style.alike->painting, size, 0);
    parts.emplace_back();
    return statistics_of_parts(look_plan(network_, backend_, type_, shape_of(painting), layers_),
                               backend_, painting, layers_, parts);
  }

  // Each part of the photograph in the manner of the part of the painting that it resembles, and
  // with it some of `whole`; `found` is what look_at_parts() saw.
  void add_alike(const WeightedStyle& style, const std::vector<Statistics>& found, double match,
                 const Targets& whole, double rest) {
    std::vector<Guides> where = parts_at_layers(style.alike->photo, inside_, o_.margin);
    const std::vector<Statistics> own = of_photo(where);
    for (size_t i = 0; i < layers_.size(); ++i) {
      std::vector<StylePart> parts;
      for (size_t p = 0; p < where.size(); ++p) {
        StylePart part{{}, match * share_of_all(where[p][i]), std::move(where[p][i])};
        if (found[p][i].channels > 0) {
          // In units of all: or a flat part would outweigh the others.
          part.targets.push_back(
              {on_the_way(own[p], i, found[p][i]), 1, variance_of(found.back()[i])});
        }
        parts.push_back(std::move(part));
      }
      add(i, weight_of(i, whole[i]),
          make_parted_style_loss(o_.style_loss, whole[i], rest, std::move(parts)));
    }
  }

  // For each part, at each layer.
  std::vector<Guides> parts_at_layers(const PartShares& shares, const Size& inside, int margin) {
    std::vector<Guides> parts(static_cast<size_t>(shares.parts));
    for (const Shape& tap : shapes_at(network_, backend_, inside, margin, layers_)) {
      std::vector<Guide> guides = guides_of(shares, inside, margin, tap);
      for (size_t p = 0; p < parts.size(); ++p) parts[p].push_back(std::move(guides[p]));
    }
    return parts;
  }

  const Network& network_;
  Backend& backend_;
  const DType type_;
  const PictureSource& photo_;
  const Size inside_;
  const double strength_;
  const StylizeOptions& o_;
  const Window& window_;
  Objective& objective_;
  const LayerWeights layers_;
  const double way_ = o_.style_weight ? 1 : style_share(strength_);
};

}  // namespace

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
    const auto known = statistics_of_all(
        {network.graph, backend, shape, reading(content, type), window}, backend, photo, content);
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
    StyleTerms(network, backend, type, photo, strength, o, window, *objective).add(area);
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
