#include "impasto/assess.h"

#include <algorithm>
#include <cmath>

#include "impasto/error.h"
#include "losses/style.h"
#include "methods/artefacts.h"
#include "methods/build_objective.h"
#include "methods/checks.h"
#include "methods/picture.h"
#include "methods/scale_run.h"
#include "methods/similarity.h"
#include "methods/strip.h"
#include "methods/warnings.h"
#include "transfer/style_file.h"

namespace impasto {

namespace {

// Large enough for strokes and things, small enough to cost next to nothing.
constexpr int features_side = 256, similarity_side = 384;
constexpr int smallest_side = 16;  // for the deepest features to be more than a point
constexpr const char* content_tap = "relu4_1";
// What a photograph differs from a painting at the least, so that a picture in its own style is
// not measured in units of rounding.
constexpr double least_distance = 0.01;

Size with_stroke_side(const Size& size, int side) {
  const double factor = std::min(1.0, static_cast<double>(side) / stroke_side(size));
  const auto scaled = [&](int v) {
    return std::max(smallest_side, static_cast<int>(std::lround(v * factor)));
  };
  return {scaled(size.width), scaled(size.height)};
}

Image at_size(const Image& image, const Size& size) {
  Image result = resize(image, size.width, size.height);
  for (float* v = result.data(); v < result.data() + int64_t{3} * size.width * size.height; ++v) {
    if (!std::isfinite(*v)) *v = 0;
  }
  return result;
}

// The built-in encoder; another only where a style file has the statistics of that.
StylizeOptions encoder_options(StylizeOptions o, const std::vector<Image>& styles) {
  const bool other = std::any_of(styles.begin(), styles.end(), [](const Image& style) {
    return style.saved_style && style.saved_style->encoder != default_network;
  });
  if (!other) o.network = default_network;
  if (!other) o.pooling.clear();
  return o;
}

// Distances of features: of a picture's statistics from the paintings', and of what stands where.
class Features {
 public:
  Features(const std::vector<Image>& styles, const StylizeOptions& o, const Size& size)
      : engine_(open_engine(encoder_options(o, styles))), size_(size) {
    LayerWeights layers;
    for (const std::string& tap : style_taps()) layers.emplace_back(tap, 1.0);
    const int side = std::max(2 * smallest_side,
                              static_cast<int>(std::lround(stroke_side(size) * o.style_scale)));
    for (size_t i = 0; i < styles.size(); ++i) {
      const double weight = o.style_weights.empty() ? 1.0 : o.style_weights[i];
      weights_ += weight;
      for (FeatureStatistics& s : statistics_of(engine_.network, *engine_.backend, engine_.type,
                                                styles[i], side, layers)) {
        paintings_.push_back({make_wasserstein_distance(s), weight});
      }
    }
    PlanOptions plan;
    plan.type = engine_.type;
    plan.taps = style_taps();
    plan_.emplace(engine_.network.graph, *engine_.backend, Shape{1, size.height, size.width, 3},
                  plan);
  }

  void look_at(const Image& picture) { plan_->forward(to_tensor(at_size(picture, size_))); }
  // Of what was looked at: the mean distance, as far as features have to move.
  double distance() const {
    std::vector<FeatureStatistics> own;
    for (const std::string& tap : style_taps()) {
      own.push_back(feature_statistics(*engine_.backend, plan_->tap(tap)));
    }
    double sum = 0;
    for (size_t i = 0; i < paintings_.size(); ++i) {
      const auto& [distance, weight] = paintings_[i];
      sum += weight * distance->evaluate(own[i % own.size()], nullptr);
    }
    return std::sqrt(std::max(0.0, sum / (weights_ * static_cast<double>(own.size()))));
  }
  std::unique_ptr<FeatureLoss> content() const {
    return make_content_loss(ContentKind::normalised, *engine_.backend, plan_->tap(content_tap));
  }
  double differing(FeatureLoss& content) const {
    return content.evaluate(*engine_.backend, plan_->tap(content_tap), 0, nullptr, false);
  }

 private:
  Engine engine_;
  const Size size_;
  std::vector<std::pair<std::unique_ptr<StyleDistance>, double>> paintings_;
  double weights_ = 0;
  std::optional<Plan> plan_;
};

}  // namespace

Assessment assess(const Image& content, const std::vector<Image>& styles, const StylizeOptions& o,
                  const StylizeResult& result) {
  check_pictures(content, addresses(styles), o);
  if (result.image.empty()) throw Error(ErrorCode::input, "the result is empty");
  const Size size{result.image.width(), result.image.height()};
  Assessment a;
  {
    Features features(styles, o, with_stroke_side(size, features_side));
    features.look_at(content);
    const auto things = features.content();
    const double before = std::max(features.distance(), least_distance);
    features.look_at(result.image);
    a.style = features.distance() / before;
    // Of normalised features that have nothing in common the loss is 2.
    a.content = features.differing(*things) / 2;
  }
  const Size small = with_stroke_side(size, similarity_side);
  const Image photo = at_size(content, small), painted = at_size(result.image, small);
  const Plane light = lightness_of(photo), painted_light = lightness_of(painted);
  a.ssim = similarity(light, painted_light);
  a.edge_ssim = similarity(edges_of(light), edges_of(painted_light));
  a.colour_shift = colour_distance(photo, painted);

  const PixelSurvey before = survey(content), after = survey(result.image);
  a.seam = seam_score(after, before);
  a.frame = frame_score(after, before);
  // What the photograph has of itself, facades or screens, is not the painter's doing.
  a.checkerboard =
      std::max(0.0, checkerboard_score(result.image) - std::max(0.0, checkerboard_score(content)));
  a.clipped = after.clipped;
  a.not_finite = after.not_finite;
  a.lightness = after.lightness;
  a.contrast = after.contrast;
  a.warnings = warnings_for(a, {before.lightness, before.contrast}, o, result);
  return a;
}

std::vector<std::pair<std::string, double>> scores_of(const Assessment& a) {
  return {{"style", a.style},           {"content", a.content},           {"ssim", a.ssim},
          {"edge_ssim", a.edge_ssim},   {"colour_shift", a.colour_shift}, {"seam", a.seam},
          {"frame", a.frame},           {"checkerboard", a.checkerboard}, {"clipped", a.clipped},
          {"not_finite", a.not_finite}, {"lightness", a.lightness},       {"contrast", a.contrast}};
}

}  // namespace impasto
