#include "canvas/saved_style.h"

#include <algorithm>

#include "canvas/picture.h"
#include "canvas/strip.h"
#include "nn/plan.h"

namespace impasto {

namespace {

constexpr int smallest_side = 16;  // of a rung's shorter side

Tensor preview_of(const Image& painting) {
  const Size size = scaled_to(painting, preview_side);
  const Tensor t = to_tensor(resize(painting, size.width, size.height));
  float* v = t.data<float>();
  for (int64_t i = 0; i < t.size(); ++i) v[i] = std::clamp(v[i], 0.0f, 1.0f);
  return t.reshaped({size.height, size.width, 3});
}

}  // namespace

SavedStyle begin_style(const Network& encoder, const Image& painting) {
  SavedStyle style;
  style.encoder = encoder.name;
  style.encoder_sha256 = encoder.sha256;
  style.pooling = name_of(encoder.config.pooling);
  style.width = painting.width();
  style.height = painting.height();
  style.preview = preview_of(painting);
  return style;
}

Size rung_size(const PaintingHeader& painting, int side) {
  const Size size = look_size(painting, side);
  return {std::max(size.width, smallest_side), std::max(size.height, smallest_side)};
}

PictureStatistics look_at(Backend& backend, const Network& encoder, DType type,
                          const Image& painting, const Size& size) {
  const Tensor picture = to_tensor(resize(painting, size.width, size.height));
  Plan plan(encoder.graph, backend, picture.shape(), PlanOptions{type, style_taps(), false, false});
  plan.forward(picture);
  return picture_statistics(backend, picture, plan);
}

}  // namespace impasto
