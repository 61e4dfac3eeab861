// Any style at once: encoder, transfer of the paintings' statistics, decoder.

#include "methods/instant.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "backend/border.h"
#include "methods/checks.h"
#include "methods/picture.h"
#include "transfer/painter.h"
#include "zoo/instant.h"

namespace impasto {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int step = 16;           // what the network's five resolutions divide
constexpr int smallest_side = 48;  // three positions at the coarsest

int rounded_up(int side) {
  return std::max(smallest_side, (side + step - 1) / step * step);
}

// The picture's colours with mirrored pixels to the right and below, where the network needs more.
Tensor framed(const Image& image, int width, int height) {
  const Tensor t({1, height, width, 3});
  for (int y = 0; y < height; ++y) {
    const float* from =
        image.row(static_cast<int>(border_index(y, image.height(), PadMode::reflect)));
    float* to = t.data<float>() + int64_t{3} * width * y;
    for (int x = 0; x < width; ++x) {
      std::copy_n(from + 3 * border_index(x, image.width(), PadMode::reflect), 3, to + 3 * x);
    }
  }
  return t;
}

Image cut(const Tensor& t, int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    const float* from = t.data<float>() + int64_t{3} * t.shape().w() * y;
    std::transform(from, from + int64_t{3} * width, image.row(y),
                   [](float v) { return std::clamp(v, 0.0f, 1.0f); });
  }
  return image;
}

void report(Progress& progress, double fraction, Clock::time_point begin, const char* stage) {
  ProgressReport r;
  r.fraction = fraction;
  r.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  r.remaining = fraction > 0 ? r.seconds / fraction * (1 - fraction) : 0;
  r.stage = stage;
  progress.report(r);
}

}  // namespace

StylizeResult paint_instant(const Image& content, const std::vector<Image>& styles,
                            const StylizeOptions& o, Progress& progress) {
  const auto begin = Clock::now();
  const InstantNetwork network = open_instant(instant_network(o.network));
  StylizeOptions with_encoder = o;
  with_encoder.network = default_network;
  const Engine engine = open_engine(with_encoder);
  Painter painter(*engine.backend, engine.network.graph, network.decoder,
                  StyleCode(network.tensors, network.name), engine.type);

  const Size size =
      o.size > 0 ? scaled_to(content, o.size) : Size{content.width(), content.height()};
  const int width = rounded_up(size.width), height = rounded_up(size.height);
  StylizeResult result;
  result.network_sha256 = network.sha256;
  result.precision = name_of(engine.type);
  result.planned_bytes = checked_bytes(size, [&](const Size& at) {
    return painter.bytes(rounded_up(at.height), rounded_up(at.width));
  });

  std::vector<WeightedStatistics> looks;
  const std::vector<WeightedStyle> given = weighted(styles, o);
  for (size_t i = 0; i < given.size(); ++i) {
    report(progress, 0.4 * static_cast<double>(i) / static_cast<double>(given.size()), begin,
           "looking at the painting");
    const int side =
        std::max(smallest_side,
                 static_cast<int>(std::lround(std::max(size.width, size.height) * o.style_scale)));
    const Size at = scaled_to(*given[i].image, side);
    const Image painting =
        resize(*given[i].image, std::max(at.width, step), std::max(at.height, step));
    looks.push_back({painter.look_at_style(to_tensor(painting)), given[i].weight});
  }
  report(progress, 0.5, begin, "painting");
  const Image photo = resize(content, size.width, size.height);
  result.cancelled = progress.cancelled();
  if (result.cancelled) {
    result.image = photo;
    return result;
  }
  painter.look_at_content(framed(photo, width, height));
  // Up to 50 the statistics move, from there on the brush gets bolder.
  const double share = std::min(1.0, o.strength / 50);
  const double boldness = std::max(0.0, o.strength / 50 - 1);
  result.image = cut(painter.paint(looks, share, boldness, o.seed), size.width, size.height);
  result.image.alpha = photo.alpha;
  result.image.metadata = photo.metadata;
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  report(progress, 1, begin, "done");
  return result;
}

}  // namespace impasto
