// Any style at once: encoder, transfer of the paintings' statistics, decoder.

#include "methods/instant.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "backend/border.h"
#include "methods/checks.h"
#include "methods/picture.h"
#include "transfer/style_file.h"
#include "zoo/instant.h"

namespace impasto {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int step = 16;            // what the network's five resolutions divide
constexpr int smallest_side = 48;   // three positions at the coarsest
constexpr size_t most_looks = 256;  // half a megabyte each

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

// The network does not return a photograph as it was: at strength 0 nothing of it is left.
void blend(const Image& photo, float share, Image& painted) {
  const int64_t count = int64_t{3} * photo.width() * photo.height();
  for (int64_t i = 0; i < count; ++i) {
    painted.data()[i] += share * (photo.data()[i] - painted.data()[i]);
  }
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

const StyleStatistics* LookMemory::find(const SharedImage& painting, const Size& at) {
  for (auto look = looks_.begin(); look != looks_.end(); ++look) {
    if (look->painting.lock() != painting || look->at.width != at.width ||
        look->at.height != at.height) {
      continue;
    }
    looks_.splice(looks_.begin(), looks_, look);
    return &look->statistics;
  }
  return nullptr;
}

const StyleStatistics& LookMemory::keep(const SharedImage& painting, const Size& at,
                                        StyleStatistics statistics) {
  looks_.remove_if([](const Look& look) { return look.painting.expired(); });
  if (looks_.size() >= most_looks) looks_.pop_back();
  looks_.push_front({painting, at, std::move(statistics)});
  return looks_.front().statistics;
}

Instant::Instant(const StylizeOptions& o) : options_(o) {
  const InstantNetwork network = open_instant(instant_network(o.network));
  sha256_ = network.sha256;
  StylizeOptions with_encoder = o;
  with_encoder.network = default_network;
  engine_ = open_engine(with_encoder);
  painter_ = std::make_unique<Painter>(*engine_.backend, engine_.network.graph, network.decoder,
                                       StyleCode(network.tensors, network.name), engine_.type);
}

StyleStatistics Instant::look_at(const SharedImage& painting, int side) {
  if (const SavedStyle* saved = painting->saved_style.get()) {
    const Network& encoder = engine_.network;
    check_encoder(*saved, encoder.name, encoder.sha256, name_of(encoder.config.pooling));
    const Size at{side, side};
    if (const StyleStatistics* known = looks_.find(painting, at)) return *known;
    return looks_.keep(painting, at, prepare_style(*engine_.backend, statistics_at(*saved, side)));
  }
  const Size wanted = scaled_to(*painting, side);
  const Size at{std::max(wanted.width, step), std::max(wanted.height, step)};
  if (const StyleStatistics* known = looks_.find(painting, at)) return *known;
  return looks_.keep(painting, at,
                     painter_->look_at_style(to_tensor(resize(*painting, at.width, at.height))));
}

void Instant::look_at_photograph(const SharedImage& content, const Image& photo, int width,
                                 int height) {
  const bool known = content_.lock() == content && content_size_.width == photo.width() &&
                     content_size_.height == photo.height();
  if (known) return;
  content_.reset();  // stays so if this fails
  painter_->look_at_content(framed(photo, width, height));
  content_ = content;
  content_size_ = {photo.width(), photo.height()};
}

size_t Instant::checked_bytes(const Size& size) const {
  return impasto::checked_bytes(size, [&](const Size& at) {
    return painter_->bytes(rounded_up(at.height), rounded_up(at.width));
  });
}

StylizeResult Instant::paint(const SharedImage& content, const std::vector<SharedImage>& styles,
                             const Size& size, Progress& progress) {
  const auto begin = Clock::now();
  const StylizeOptions& o = options_;
  const int width = rounded_up(size.width), height = rounded_up(size.height);
  StylizeResult result;
  result.network_sha256 = sha256_;
  result.precision = name_of(engine_.type);
  result.planned_bytes = checked_bytes(size);

  std::vector<WeightedStatistics> looks;
  const int side =
      std::max(smallest_side,
               static_cast<int>(std::lround(std::max(size.width, size.height) * o.style_scale)));
  for (size_t i = 0; i < styles.size(); ++i) {
    report(progress, 0.4 * static_cast<double>(i) / static_cast<double>(styles.size()), begin,
           "looking at the painting");
    looks.push_back({look_at(styles[i], side), o.style_weights.empty() ? 1 : o.style_weights[i]});
  }
  report(progress, 0.5, begin, "painting");
  const Image photo = resize(*content, size.width, size.height);
  result.cancelled = progress.cancelled();
  if (result.cancelled) {
    result.image = photo;
    return result;
  }
  look_at_photograph(content, photo, width, height);
  // Up to 50 the statistics move, from there on the brush gets bolder.
  const double share = std::min(1.0, o.strength / 50);
  const double boldness = std::max(0.0, o.strength / 50 - 1);
  result.image = cut(painter_->paint(looks, share, boldness, o.seed), size.width, size.height);
  if (o.strength < 10) blend(photo, 1 - static_cast<float>(o.strength / 10), result.image);
  result.image.alpha = photo.alpha;
  result.image.metadata = photo.metadata;
  result.image.bits = photo.bits;
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  report(progress, 1, begin, "done");
  return result;
}

}  // namespace impasto
