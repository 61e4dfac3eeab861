#include "descent/scale_run.h"

#include <algorithm>
#include <climits>
#include <cmath>

#include "base/stop.h"
#include "canvas/picture.h"

namespace impasto {

ScaleRun::ScaleRun(Engine& engine, const PictureSource& photo, const PictureSource& start,
                   const std::vector<WeightedStyle>& styles, const StylizeOptions& o,
                   const JobStage& stage)
    : margin_(o.margin), in_place_(stage.in_windows()) {
  objective_ =
      build_objective(engine.network, *engine.backend, engine.type, with_margin(photo, margin_),
                      styles, o, window_of(stage), engine.joined);
  const Tensor first = to_tensor(with_margin(start, margin_));
  unknown_ = o.unknown == UnknownKind::pixels
                 ? make_pixels_unknown(first)
                 : make_pyramid_unknown(first, engine.joined != nullptr, stage.octaves);
  optimizer_ = make_optimizer(engine, o, stage);
  if (in_place_) return;
  picture_ = Tensor(first.shape());
  dpicture_ = Tensor(first.shape());
}

double ScaleRun::evaluate(const Tensor& values, const Tensor& gradient) {
  const Tensor picture = in_place_ ? unknown_->place_in(values) : picture_;
  const Tensor dpicture = in_place_ ? unknown_->place_in(gradient) : dpicture_;
  unknown_->render(values, picture);
  double value = NAN;  // what was given up is nowhere to go
  try {
    value = objective_->evaluate(picture, dpicture);
  } catch (const Stopped&) {
    given_up_ = true;
  }
  unknown_->pull_back(dpicture, gradient);
  if (in_place_) unknown_->restore(values);
  return value;
}

bool ScaleRun::step() {
  given_up_ = false;
  optimizer_->step(unknown_->values(), [this](const Tensor& values, const Tensor& gradient) {
    return evaluate(values, gradient);
  });
  return !given_up_;
}

// Its longer side no longer than that.
Image ScaleRun::picture(int longest) {
  if (!in_place_) return to_image(picture_, margin_);
  const Tensor& values = unknown_->values();
  unknown_->render(values, unknown_->place_in(values));
  const PictureSource whole = source_of(unknown_->place_in(values), margin_);
  const double factor =
      std::min(1.0, longest / static_cast<double>(std::max(whole.width, whole.height)));
  Image image = to_image(
      source_of(whole, {std::max(1, static_cast<int>(std::lround(whole.width * factor))),
                        std::max(1, static_cast<int>(std::lround(whole.height * factor)))}));
  unknown_->restore(values);
  return image;
}

Image ScaleRun::preview() {
  constexpr int longest = 1600;
  return picture(longest);
}

Image ScaleRun::finish() {
  optimizer_->finish(unknown_->values());
  optimizer_.reset();  // its memory is the picture's now
  if (!in_place_) unknown_->render(unknown_->values(), picture_);
  return picture(INT_MAX);
}

}  // namespace impasto
