#include "descent/statistics.h"

#include <algorithm>
#include <cmath>

#include "canvas/areas.h"
#include "canvas/strip.h"
#include "losses/guided_style.h"
#include "transfer/style_file.h"

namespace impasto {

namespace {

// Below this share of the deepest pictures' sides a painting holds no strokes.
constexpr int smallest_painting = 32;
// Larger pictures are looked at window by window.
constexpr int64_t most_at_once = int64_t{1} << 22;
constexpr Window look_window{1024, 1024};

// The statistics of relu5_1 hold a texture together, and bring things of a painting, eyes above
// all, to where a photograph is flat.
LayerWeights default_style_layers(const Graph& graph, bool with_content) {
  std::vector<const char*> names = {"relu1_1", "relu2_1", "relu3_1", "relu4_1"};
  if (!with_content) names.push_back("relu5_1");
  LayerWeights layers;
  for (const char* tap : names) {
    if (graph.has_tap(tap)) layers.emplace_back(tap, 1.0);
  }
  for (auto& [tap, weight] : layers) weight /= static_cast<double>(layers.size());
  return layers;
}

// What is known of a picture, and of more of it, where the guide is seen in that.
FeatureStatistics with_part(const FeatureStatistics& known, Backend& backend,
                            const Tensor& features, const Part& part, const Guide& guide) {
  const Guide own = guide_within(guide, part, features.shape());
  return own.positions.empty() ? known : together(known, guided_statistics(backend, features, own));
}

}  // namespace

PlanOptions reading(const LayerWeights& layers, DType type) {
  PlanOptions options;
  options.type = type;
  for (const auto& [tap, weight] : layers) options.taps.push_back(tap);
  return options;
}

Shape shape_of(const PictureSource& picture) {
  return {1, picture.height, picture.width, 3};
}

TiledPlan::Read reader(const PictureSource& picture) {
  return [picture](int64_t y, int64_t x, const Tensor& window) {
    const Tensor pixels = window.dtype() == DType::f32 ? window : Tensor(window.shape());
    read_window(picture, y, x, pixels);
    if (pixels.raw() != window.raw()) window.copy_from(pixels);
  };
}

TiledPlan look_plan(const Network& network, Backend& backend, DType type, const Shape& shape,
                    const LayerWeights& layers) {
  const bool large = shape.h() * shape.w() > most_at_once;
  return {network.graph, backend, shape, reading(layers, type), large ? look_window : Window{}};
}

std::vector<std::vector<FeatureStatistics>> statistics_of_parts(TiledPlan plan, Backend& backend,
                                                                const PictureSource& picture,
                                                                const LayerWeights& layers,
                                                                const std::vector<Guides>& parts) {
  std::vector<std::vector<FeatureStatistics>> result(parts.size(),
                                                     std::vector<FeatureStatistics>(layers.size()));
  for (const Tile& tile : plan.tiles()) {
    plan.forward(reader(picture), tile);
    for (size_t i = 0; i < layers.size(); ++i) {
      const std::string& tap = layers[i].first;
      const Tensor features = plan.tap(tap, tile);
      const auto [y, x] = plan.place_of(tap, tile);
      for (size_t p = 0; p < parts.size(); ++p) {
        FeatureStatistics& known = result[p][i];
        known = parts[p].empty() ? together(known, feature_statistics(backend, features))
                                 : with_part(known, backend, features, {y, x, {}}, parts[p][i]);
      }
    }
  }
  return result;
}

std::vector<FeatureStatistics> statistics_of_all(TiledPlan plan, Backend& backend,
                                                 const PictureSource& picture,
                                                 const LayerWeights& layers) {
  return statistics_of_parts(std::move(plan), backend, picture, layers, {{}}).front();
}

std::vector<Shape> shapes_at(const Network& network, Backend& backend, const Size& inside,
                             int margin, const LayerWeights& layers) {
  const Shape picture{1, inside.height + 2 * margin, inside.width + 2 * margin, 3};
  const Plan plan(network.graph, backend, picture, reading(layers, DType::f32));
  std::vector<Shape> shapes;
  for (const auto& [tap, weight] : layers) shapes.push_back(plan.tap_shape(tap));
  return shapes;
}

Guides guides_within(const Mask& part, int margin, const Network& network, Backend& backend,
                     const LayerWeights& layers) {
  Guides guides;
  for (const Shape& tap : shapes_at(network, backend, {part.width, part.height}, margin, layers)) {
    guides.push_back(guide_at(part, margin, tap));
  }
  return guides;
}

LayerWeights style_layers_for(const Graph& graph, const StylizeOptions& o) {
  return o.style_layers.empty() ? default_style_layers(graph, o.content_weight != 0)
                                : o.style_layers;
}

int painting_side(const Size& result, const StylizeOptions& o) {
  return std::max(static_cast<int>(std::lround(stroke_side(result) * o.style_scale)),
                  smallest_painting);
}

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
  Guides guides;
  if (within) guides = guides_within(resized(*within, size), 0, network, backend, layers);
  return statistics_of_parts(look_plan(network, backend, type, shape_of(picture), layers), backend,
                             picture, layers, {guides})
      .front();
}

size_t painting_bytes(const Network& network, Backend& backend, DType type,
                      const PaintingHeader& painting, const Size& result, const StylizeOptions& o) {
  if (painting.learned) return 0;
  const Size size = look_size(painting, painting_side(result, o));
  const Shape shape{1, size.height, size.width, 3};
  return look_plan(network, backend, type, shape, style_layers_for(*network.graph, o)).bytes();
}

}  // namespace impasto
