// Any style at once: encoder, transfer of the paintings' statistics, decoder.

#include "instant/instant.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/clock.h"
#include "base/part_progress.h"
#include "base/stop.h"
#include "canvas/areas.h"
#include "canvas/look.h"
#include "canvas/picture.h"
#include "canvas/strip.h"
#include "colour/tint.h"
#include "image/resize.h"
#include "instant/windows.h"
#include "transfer/style_file.h"
#include "zoo/instant.h"
#include "zoo/session.h"

namespace impasto {

namespace {

constexpr int step = 16;            // what the network's five resolutions divide
constexpr int smallest_side = 48;   // three positions at the coarsest
constexpr size_t many_tiles = 12;   // a large picture: memory counts
constexpr size_t most_looks = 256;  // half a megabyte each
// A painting seen larger than that has nothing finer than its own pixels to show.
constexpr int largest_look = 2048;

void report(Progress& progress, double fraction, Clock::time_point begin, const char* stage) {
  ProgressReport r;
  r.fraction = fraction;
  r.seconds = seconds_since(begin);
  r.remaining = remaining_after(r.seconds, fraction);
  r.stage = stage;
  progress.report(r);
}

}  // namespace

int rounded_up(int side) {
  return std::max(smallest_side, (side + step - 1) / step * step);
}

TiledPicture tiled(const PictureSource& picture, const Size& window) {
  return {rounded_up(picture.height), rounded_up(picture.width), window.height, window.width,
          [picture](int64_t y, int64_t x, const Tensor& t) { read_window(picture, y, x, t); }};
}

const StyleStatistics* LookMemory::find(const SharedPainting& painting, const Size& at) {
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

const StyleStatistics& LookMemory::keep(const SharedPainting& painting, const Size& at,
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
  with_encoder.pooling.reset();  // as it was trained
  engine_ = open_engine(with_encoder);
  painter_ = std::make_unique<Painter>(*engine_.backend, engine_.network.graph, network.decoder,
                                       StyleCode(network.tensors, network.name), engine_.type);
}

StyleStatistics Instant::look_at(const SharedPainting& painting, int side) {
  if (const SavedStyle* saved = painting->learned.get()) {
    const Network& encoder = engine_.network;
    check_encoder(*saved, encoder.name, encoder.sha256, name_of(encoder.config.pooling));
    const Size at{side, side};
    if (const StyleStatistics* known = looks_.find(painting, at)) return *known;
    return looks_.keep(painting, at, prepare_style(*engine_.backend, statistics_at(*saved, side)));
  }
  const Size wanted = look_size(*painting, side);
  const Size at{std::max(wanted.width, step), std::max(wanted.height, step)};
  if (const StyleStatistics* known = looks_.find(painting, at)) return *known;
  let_go_of_window();
  return looks_.keep(painting, at, painter_->look_at_style(view_of(*painting, at)));
}

// A painting is looked at in the memory of the last picture's window, not beside it.
void Instant::let_go_of_window() {
  painter_->let_go_of_window();
  planned_.reset();
  seen_ = {};
}

bool Instant::Seen::is(const Seen& other) const {
  const SharedImage own = content.lock();
  return own && own == other.content.lock() && same(size, other.size) && tinted == other.tinted;
}

void Instant::look_at_photograph(const Seen& what, const PictureSource& photo,
                                 const PictureGuide& part) {
  if (!part && what.is(seen_)) return;
  seen_ = {};  // stays so if this fails
  const Tensor whole({1, rounded_up(photo.height), rounded_up(photo.width), 3});
  read_window(photo, 0, 0, whole);
  painter_->look_at_content(whole, part);
  if (!part) seen_ = what;
}

Size Instant::window_for(const Size& size, size_t most_bytes) const {
  const int width = rounded_up(size.width), height = rounded_up(size.height);
  if (painter_->bytes(height, width) <= most_bytes) return {width, height};
  int64_t longest = std::max(width, height);
  while (longest > smallest_window &&
         painter_->bytes(std::min<int64_t>(longest, height), std::min<int64_t>(longest, width)) >
             most_bytes) {
    longest = std::max(smallest_window, longest * 15 / 16 / 16 * 16);
  }
  // Many windows all have that size, so that the next picture, larger or smaller, has them too.
  const auto side = [&](int64_t length) {
    return static_cast<int>(length > 2 * longest ? longest
                                                 : even_window(length, longest, painter_halo));
  };
  return {side(width), side(height)};
}

size_t Instant::windows_of(const Size& size, const Size& window) {
  return tiled({size.width, size.height, nullptr}, window).tiles(painter_halo).size();
}

int Instant::look_side(const Size& size) const {
  return std::clamp(static_cast<int>(std::lround(stroke_side(size) * options_.style_scale)),
                    smallest_side, largest_look);
}

size_t Instant::working_bytes(const std::vector<PaintingHeader>& styles, const Size& size,
                              size_t most_bytes) const {
  const Size window = window_for(size, most_bytes);
  if (const auto network = network_of(styles)) return network_bytes(engine_, *network, window);
  size_t looking = 0;
  for (const PaintingHeader& style : styles) {
    if (style.learned) continue;
    const Size look = look_size(style, look_side(size));
    const double pixels = std::min<double>(double(look.width) * look.height, most_looked_at);
    const int side = rounded_up(static_cast<int>(std::ceil(std::sqrt(pixels))));
    looking = std::max(looking, painter_->looking_bytes(side, side));
  }
  // Huge pages reach beyond the ends of a window's buffers.
  constexpr size_t huge_pages = size_t{9} << 20;
  const size_t painting = windows_of(size, window) > 1
                              ? painter_->window_bytes(window.height, window.width) + huge_pages
                              : painter_->bytes(window.height, window.width);
  const size_t bytes = std::max(looking, painting);
  return bytes + bytes / 16;  // everything small
}

Instant::Painted Instant::paint_windows(const PictureSource& photo, const Size& window,
                                        const PictureGuide& part,
                                        const std::vector<WeightedStatistics>& looks,
                                        const Brush& brush,
                                        const std::function<bool(double)>& go_on, Image& canvas) {
  seen_ = {};
  const TiledPicture picture = tiled(photo, window);
  if (picture.tiles(painter_halo).size() >= many_tiles) rest();  // what smaller pictures left
  std::vector<Tile> rest = picture.tiles(painter_halo);
  Painted result = Painted::nothing;
  try {
    painter_->look_at_content(picture, part);
    if (go_on(0)) {
      rest = painter_->paint(picture, looks, brush.share, brush.boldness, options_.seed,
                             [&](const Tile& tile, const Tensor& painted, double done) {
                               write_core(tile, painted, canvas);
                               result = Painted::in_part;
                               return go_on(done);
                             });
    }
  } catch (const Stopped&) {  // before the first of them
  }
  const Tensor left({1, window.height, window.width, 3});
  for (const Tile& tile : rest) {
    picture.read(tile.y.start, tile.x.start, left);
    write_core(tile, left, canvas);
  }
  return rest.empty() ? Painted::whole : result;
}

Instant::Painted Instant::paint(const PictureSource& original, const PictureSource& photo,
                                const Seen& what, const std::vector<SharedPainting>& styles,
                                const Brush& brush, Image& canvas, Progress& progress,
                                const Mask* part) {
  const auto begin = Clock::now();
  const StylizeOptions& o = options_;
  const Size size{photo.width, photo.height};
  const StopScope stop([&] { return progress.cancelled(); });
  const Tile whole{{0, 0, rounded_up(size.height)}, {0, 0, rounded_up(size.width)}};
  const Size window = window_for(size, most_bytes_);
  PictureGuide guide;
  if (part) {
    guide = [part](int64_t y, int64_t x, int64_t height, int64_t width, int64_t step) {
      return guide_at(*part, y, x, height, width, step, step);
    };
  }
  const auto go_on = [&](double done) {
    report(progress, 0.6 + 0.4 * done, begin, "painting");
    return !progress.cancelled();
  };
  Painted result = Painted::nothing;
  try {
    std::vector<WeightedStatistics> looks;
    const int side = look_side(size);
    const auto network = network_of(styles);
    for (size_t i = 0; i < styles.size() && !network; ++i) {
      report(progress, 0.4 * static_cast<double>(i) / static_cast<double>(styles.size()), begin,
             "looking at the painting");
      looks.push_back({look_at(styles[i], side), o.style_weights.empty() ? 1 : o.style_weights[i]});
    }
    report(progress, 0.5, begin, "painting");
    if (progress.cancelled()) throw Stopped();
    if (network) {
      result = paint_by_network(network, photo, window, go_on, canvas);
    } else if (window.width < whole.x.end || window.height < whole.y.end) {
      result = paint_windows(photo, window, guide, looks, brush, go_on, canvas);
    } else {
      look_at_photograph(what, photo, guide);
      write_core(whole, painter_->paint(looks, brush.share, brush.boldness, o.seed), canvas);
      result = Painted::whole;
    }
  } catch (const Stopped&) {
    blend(photo, 1, canvas);
  }
  if (brush.opacity < 1) blend(original, 1 - static_cast<float>(brush.opacity), canvas);
  report(progress, 1, begin, "done");
  return result;
}

bool Instant::paint(const PictureSource& photo, const std::vector<SharedPainting>& styles,
                    Image& canvas, Progress& progress, const Mask* part) {
  const Brush brush = first_brush(options_.strength);
  return paint(photo, photo, {}, styles, brush, canvas, progress, part) == Painted::whole;
}

// Whether one of the paintings has colours to give.
bool Instant::are_coloured(const std::vector<SharedPainting>& styles, int side,
                           Progress& progress) {
  const StopScope stop([&] { return progress.cancelled(); });
  try {
    return std::any_of(styles.begin(), styles.end(), [&](const SharedPainting& style) {
      return !is_monochrome(look_at(style, side).statistics.front());
    });
  } catch (const Stopped&) {
    return false;  // nothing will be painted
  }
}

StylizeResult Instant::paint(const SharedImage& content, const std::vector<SharedPainting>& styles,
                             const Size& size, Progress& progress, const Mask* part) {
  const auto begin = Clock::now();
  StylizeResult result;
  result.network_sha256 = sha256_;
  result.precision = precision_of(engine_);
  const bool as_it_is = size.width == content->width() && size.height == content->height();
  const Image resized = as_it_is ? Image() : resize(*content, size.width, size.height);
  const Image& photo = as_it_is ? *content : resized;
  result.image = Image(size.width, size.height);
  const bool of_one_style = network_of(styles) != nullptr;
  std::optional<Image> with_colours = of_one_style ? std::nullopt : tinted(photo);
  if (with_colours && !are_coloured(styles, look_side(size), progress)) with_colours.reset();
  const PictureSource seen = source_of(with_colours ? *with_colours : photo);
  const Brush brush = first_brush(options_.strength), again = second_brush(options_.strength);
  // A network for one style is as bold as it is asked to be.
  const bool twice_over = again.opacity > 0 && !of_one_style;
  const double first = twice_over ? 0.5 : 1;
  PartProgress once(progress, begin, 0, first), twice(progress, begin, first, 1);
  const Painted painted = paint(source_of(photo), seen, {content, size, with_colours.has_value()},
                                styles, brush, result.image, once, part);
  result.painted = painted != Painted::nothing;
  result.cancelled = painted != Painted::whole;
  if (twice_over && !result.cancelled) {
    // What was painted is painted once more: bolder than any single pass.
    Image canvas(size.width, size.height);
    const PictureSource before = source_of(result.image);
    result.cancelled =
        paint(before, before, {}, styles, again, canvas, twice, part) != Painted::whole;
    result.image = std::move(canvas);
  }
  result.image.alpha = photo.alpha;
  result.image.metadata = photo.metadata;
  result.image.bits = photo.bits;
  result.seconds = seconds_since(begin);
  return result;
}

void Instant::rest() {
  painter_->rest();
  planned_.reset();
}

std::shared_ptr<Instant> instant_of(Session& session, const StylizeOptions& o) {
  auto instant =
      session.impl().kept.get<Instant>(engine_key(o), [&] { return std::make_shared<Instant>(o); });
  instant->set_options(o);
  return instant;
}

}  // namespace impasto
