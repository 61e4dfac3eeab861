// Any style at once: encoder, transfer of the paintings' statistics, decoder.

#include "methods/instant.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "backend/border.h"
#include "base/parallel.h"
#include "methods/checks.h"
#include "methods/picture.h"
#include "methods/strip.h"
#include "methods/tint.h"
#include "transfer/style_file.h"
#include "zoo/instant.h"

namespace impasto {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int step = 16;            // what the network's five resolutions divide
constexpr int smallest_side = 48;   // three positions at the coarsest
constexpr size_t most_looks = 256;  // half a megabyte each
// A painting seen larger than that has nothing finer than its own pixels to show.
constexpr int largest_look = 2048;

int rounded_up(int side) {
  return std::max(smallest_side, (side + step - 1) / step * step);
}

// A window of the picture's colours, from (y, x) on, with mirrored pixels to the right and below,
// where the network needs more.
void read_window(const Image& image, int64_t y0, int64_t x0, const Tensor& window) {
  const int64_t h = window.shape().h(), w = window.shape().w();
  parallel_for(h, 16, [&](int64_t begin, int64_t end) {
    // What is inside the frame, and then what is mirrored there.
    const auto inside = static_cast<int>(std::clamp<int64_t>(image.width() - x0, 0, w));
    for (int64_t y = begin; y < end; ++y) {
      const auto from = static_cast<int>(border_index(y0 + y, image.height(), PadMode::reflect));
      float* to = window.data<float>() + 3 * w * y;
      if (inside > 0) image.read(static_cast<int>(x0), from, inside, to);
      for (int64_t x = inside; x < w; ++x) {
        const int64_t at = border_index(x0 + x, image.width(), PadMode::reflect);
        image.read(static_cast<int>(at), from, 1, to + 3 * x);
      }
      std::transform(to, to + 3 * w, to, in_gamut);
    }
  });
}

// The part of a painted window that counts, or as much of it as is inside the frame.
void write_core(const Tile& tile, const Tensor& window, Image& image) {
  const int64_t bottom = std::min<int64_t>(tile.y.end, image.height()),
                right = std::min<int64_t>(tile.x.end, image.width());
  for (int64_t y = tile.y.begin; y < bottom; ++y) {
    const float* row = window.data<float>() + 3 * window.shape().w() * (y - tile.y.start);
    std::transform(row + 3 * (tile.x.begin - tile.x.start), row + 3 * (right - tile.x.start),
                   image.row(static_cast<int>(y)) + 3 * tile.x.begin, in_gamut);
  }
}

// The network does not return a photograph as it was: at strength 0 nothing of it is left.
void blend(const Image& photo, float share, Image& painted) {
  std::vector<float> row(static_cast<size_t>(photo.width()) * 3);
  for (int y = 0; y < photo.height(); ++y) {
    photo.read(0, y, photo.width(), row.data());
    for (size_t i = 0; i < row.size(); ++i)
      painted.row(y)[i] += share * (row[i] - painted.row(y)[i]);
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

Instant::Instant(const StylizeOptions& o, size_t most_bytes)
    : options_(o), most_bytes_(most_bytes) {
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
  const Size wanted = look_size(*painting, side);
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
  const Tensor whole({1, height, width, 3});
  const std::optional<Image> with_colours = tinted(photo);
  read_window(with_colours ? *with_colours : photo, 0, 0, whole);
  painter_->look_at_content(whole);
  content_ = content;
  content_size_ = {photo.width(), photo.height()};
}

Size Instant::window_for(const Size& size) const {
  const int width = rounded_up(size.width), height = rounded_up(size.height);
  int64_t longest = std::max(width, height);
  for (;;) {
    const Size window{static_cast<int>(even_window(width, longest)),
                      static_cast<int>(even_window(height, longest))};
    if (longest <= smallest_window || painter_->bytes(window.height, window.width) <= most_bytes_) {
      return window;
    }
    longest = std::max(smallest_window, longest * 7 / 8);
  }
}

size_t Instant::checked_bytes(const Size& size) const {
  return impasto::checked_bytes(size, [&](const Size& at) {
    const Size window = window_for(at);
    const size_t pixels = static_cast<size_t>(at.width) * static_cast<size_t>(at.height);
    return painter_->bytes(window.height, window.width) + pixels * 2 * 3 * sizeof(float);
  });
}

// Window by window; where it is stopped the photograph is left.
bool Instant::paint_windows(const Image& photo, const Size& window,
                            const std::vector<WeightedStatistics>& looks, double share,
                            double boldness, const std::function<bool(double)>& go_on,
                            Image& image) {
  content_.reset();
  TiledPicture picture;
  picture.height = rounded_up(photo.height());
  picture.width = rounded_up(photo.width());
  picture.window_height = window.height;
  picture.window_width = window.width;
  const std::optional<Image> with_colours = tinted(photo);
  picture.read = [&](int64_t y, int64_t x, const Tensor& t) {
    read_window(with_colours ? *with_colours : photo, y, x, t);
  };
  painter_->look_at_content(picture);
  image = resize(photo, photo.width(), photo.height());
  const auto count = static_cast<double>(picture.tiles(painter_halo).size());
  double done = 0;
  bool whole = go_on(0);
  if (!whole) return false;
  painter_->paint(picture, looks, share, boldness, options_.seed,
                  [&](const Tile& tile, const Tensor& painted) {
                    write_core(tile, painted, image);
                    whole = go_on(++done / count);
                    return whole;
                  });
  return whole || done == count;
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
  const int side = std::clamp(static_cast<int>(std::lround(stroke_side(size) * o.style_scale)),
                              smallest_side, largest_look);
  for (size_t i = 0; i < styles.size(); ++i) {
    report(progress, 0.4 * static_cast<double>(i) / static_cast<double>(styles.size()), begin,
           "looking at the painting");
    looks.push_back({look_at(styles[i], side), o.style_weights.empty() ? 1 : o.style_weights[i]});
  }
  report(progress, 0.5, begin, "painting");
  const bool as_it_is = size.width == content->width() && size.height == content->height();
  const Image resized = as_it_is ? Image() : resize(*content, size.width, size.height);
  const Image& photo = as_it_is ? *content : resized;
  result.cancelled = progress.cancelled();
  if (result.cancelled) {
    result.image = resize(photo, photo.width(), photo.height());
    return result;
  }
  // Up to 50 the statistics move, from there on the brush gets bolder.
  const double share = std::min(1.0, o.strength / 50);
  const double boldness = std::max(0.0, o.strength / 50 - 1);
  const Size window = window_for(size);
  if (window.width < width || window.height < height) {
    const auto go_on = [&](double part) {
      report(progress, 0.6 + 0.4 * part, begin, "painting");
      return !progress.cancelled();
    };
    result.cancelled = !paint_windows(photo, window, looks, share, boldness, go_on, result.image);
  } else {
    look_at_photograph(content, photo, width, height);
    const Tensor painted = painter_->paint(looks, share, boldness, o.seed);
    result.image = Image(size.width, size.height);
    write_core({{0, 0, height}, {0, 0, width}}, painted, result.image);
  }
  if (o.strength < 10) blend(photo, 1 - static_cast<float>(o.strength / 10), result.image);
  result.image.alpha = photo.alpha;
  result.image.metadata = photo.metadata;
  result.image.bits = photo.bits;
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  report(progress, 1, begin, "done");
  return result;
}

}  // namespace impasto
