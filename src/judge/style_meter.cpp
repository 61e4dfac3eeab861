#include "judge/style_meter.h"

#include <algorithm>
#include <cmath>

#include "canvas/areas.h"
#include "canvas/picture.h"
#include "canvas/strip.h"
#include "losses/guided_style.h"
#include "transfer/style_file.h"
#include "zoo/session.h"

namespace impasto {

namespace {

constexpr int smallest_look = 32;
constexpr const char* content_tap = "relu4_1";

StylizeOptions encoder_options(StylizeOptions o, const std::vector<StyledPart>& parts) {
  for (const StyledPart& part : parts) {
    for (const auto& [image, weight, within] : part.paintings) {
      if (image->learned && image->learned->encoder != default_network) return o;
    }
  }
  o.network = default_network;
  o.pooling.reset();
  return o;
}

// Not the one that paints, which may have another network.
struct JudgesEngine {
  Engine engine;
};
std::shared_ptr<Engine> engine_for(Session& session, const StylizeOptions& o) {
  const auto own = session.impl().kept.get<JudgesEngine>(
      engine_key(o), [&] { return std::make_shared<JudgesEngine>(JudgesEngine{open_engine(o)}); });
  return {own, &own->engine};
}

}  // namespace

Image finite_at_size(const Image& image, const Size& size) {
  Image result = resize(image, size.width, size.height);
  for (float* v = result.data(); v < result.data() + int64_t{3} * size.width * size.height; ++v) {
    if (!std::isfinite(*v)) *v = 0;
  }
  return result;
}

StyleMeter::StyleMeter(Session& session, const std::vector<StyledPart>& parts,
                       const StylizeOptions& o, const Size& size)
    : engine_(engine_for(session, encoder_options(o, parts))), size_(size) {
  LayerWeights layers;
  for (const std::string& tap : style_taps()) layers.emplace_back(tap, 1.0);
  PlanOptions plan;
  plan.type = engine_->type;
  plan.taps = style_taps();
  plan_.emplace(engine_->network.graph, *engine_->backend, Shape{1, size.height, size.width, 3},
                plan);
  const int side =
      std::max(smallest_look, static_cast<int>(std::lround(stroke_side(size) * o.style_scale)));
  for (const StyledPart& part : parts) {
    Target target;
    if (part.where) {
      const Mask mask = resized(*part.where, size);
      target.share = share_of_all(mask);
      for (const std::string& tap : style_taps()) {
        target.guides.push_back(guide_at(mask, 0, plan_->tap_shape(tap)));
      }
      if (mask.empty() || target.guides.back().positions.empty()) continue;
    }
    for (const auto& [image, weight, within] : part.paintings) {
      target.weights += weight;
      for (FeatureStatistics& s : statistics_of(engine_->network, *engine_->backend, engine_->type,
                                                *image, side, layers, within)) {
        target.paintings.emplace_back(make_wasserstein_distance(s), weight);
      }
    }
    targets_.push_back(std::move(target));
  }
}

void StyleMeter::look_at(const Image& picture) {
  plan_->forward(to_tensor(finite_at_size(picture, size_)));
}

double StyleMeter::distance() const {
  const size_t taps = style_taps().size();
  double sum = 0, shares = 0;
  for (const Target& target : targets_) {
    std::vector<FeatureStatistics> own;
    for (size_t i = 0; i < taps; ++i) {
      const Tensor features = plan_->tap(style_taps()[i]);
      own.push_back(target.guides.empty()
                        ? feature_statistics(*engine_->backend, features)
                        : guided_statistics(*engine_->backend, features, target.guides[i]));
    }
    double of_part = 0;
    for (size_t i = 0; i < target.paintings.size(); ++i) {
      const auto& [distance, weight] = target.paintings[i];
      of_part += weight * distance->evaluate(own[i % taps], nullptr);
    }
    sum += target.share * std::max(0.0, of_part) / (target.weights * static_cast<double>(taps));
    shares += target.share;
  }
  return std::sqrt(sum / shares);  // NaN where no part can be seen
}

std::unique_ptr<FeatureLoss> StyleMeter::content() const {
  return make_content_loss(ContentKind::normalised, *engine_->backend, plan_->tap(content_tap));
}

double StyleMeter::differing(FeatureLoss& content) const {
  return content.evaluate(*engine_->backend, plan_->tap(content_tap), 0, nullptr, false);
}

}  // namespace impasto
