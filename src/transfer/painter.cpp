#include "transfer/painter.h"

#include <algorithm>
#include <cmath>

#include "base/stop.h"
#include "losses/guided_style.h"

namespace impasto {

namespace {

// Measuring how far a cut is seen takes two windows' time: for pictures of more.
constexpr size_t enough_to_measure = 12;
constexpr int64_t smallest_halo = 48;
constexpr float unseen = 1e-4f;  // of 0..1

}  // namespace

Painter::Painter(Backend& backend, std::shared_ptr<const Graph> encoder, PaintingDecoder decoder,
                 StyleCode code, DType type)
    : backend_(backend),
      encoder_(std::move(encoder)),
      decoder_(std::move(decoder)),
      code_(std::move(code)),
      type_(type) {}

StyleStatistics Painter::look_at_style(const PaintingView& view) {
  Plan plan(encoder_, backend_, view.parts.shape(), {type_, style_taps(), false, false});
  plan.forward(view.parts);
  PictureStatistics sum = picture_statistics(backend_, view.parts, plan);
  for (int64_t i = 1; i < view.parts.shape().n(); ++i) {
    const PictureStatistics part = picture_statistics(backend_, view.parts, plan, i);
    for (size_t k = 0; k < sum.size(); ++k) sum[k] = together(sum[k], part[k]);
  }
  sum[0] = feature_statistics(backend_, view.colours);
  return prepare_style(backend_, std::move(sum));
}

Plan Painter::content_plan(const Shape& s) const {
  return Plan(encoder_, backend_, s, PlanOptions{type_, style_taps(), false, false});
}
Plan Painter::decoder_plan(const Shape& s) const {
  return Plan(decoder_.graph, backend_, painting_inputs(config_, s.h(), s.w()),
              PlanOptions{type_, {"rgb"}, false, false});
}

size_t Painter::bytes(int64_t height, int64_t width) const {
  const Shape s{1, height, width, 3};
  const Plan content = content_plan(s), decoder = decoder_plan(s);
  Footprint beside = content.footprint();
  beside += decoder.footprint();
  return content.arena_bytes() + decoder.arena_bytes() + beside.total() +
         sizeof(float) * static_cast<size_t>(s.size());
}

size_t Painter::looking_bytes(int64_t height, int64_t width) const {
  const Shape s{1, height, width, 3};
  const Plan content = content_plan(s);
  return content.arena_bytes() + content.footprint().total() +
         sizeof(float) * static_cast<size_t>(s.size());
}

size_t Painter::window_bytes(int64_t height, int64_t width) const {
  const Shape s{1, height, width, 3};
  const size_t colours = sizeof(float) * static_cast<size_t>(s.size());
  // Copies of what counts of a window: its colours, and one tap's features after the other; later
  // what was painted, while the cut is measured.
  const Shape features = content_plan(s).tap_shape(style_taps().front());
  const size_t copies = colours + size_of(type_) * static_cast<size_t>(features.size());
  return std::max(looking_bytes(height, width) + copies, bytes(height, width) + colours);
}

void Painter::rest() {
  let_go_of_window();
  backend_.forget_compiled();
}

void Painter::let_go_of_window() {
  content_plan_.reset();
  decoder_plan_.reset();
  window_ = Tensor();
}

void Painter::plan_looking(const Shape& window) {
  if (content_plan_ && content_plan_->input_shape() == window) return;
  content_plan_.reset();  // before the next takes their memory
  decoder_plan_.reset();
  content_plan_.emplace(content_plan(window));
}

void Painter::plan_painting(const Shape& window) {
  plan_looking(window);
  if (!decoder_plan_) decoder_plan_.emplace(decoder_plan(window));
}

const Tensor& Painter::read_window(const TiledPicture& picture, int64_t y, int64_t x) {
  const Shape shape{1, picture.window_height, picture.window_width, 3};
  if (!(window_.shape() == shape)) window_ = Tensor(shape);
  picture.read(y, x, window_);
  return window_;
}

void Painter::look_at_content(const Tensor& photo, const PictureGuide& part) {
  plan_looking(photo.shape());
  content_plan_->forward(photo);
  if (!part) {
    content_ = picture_statistics(backend_, photo, *content_plan_);
    return;
  }
  const auto within = [&](const Tensor& f, int64_t step) {
    return guided_statistics(backend_, f, part(0, 0, f.shape().h(), f.shape().w(), step));
  };
  content_ = {within(photo, 1)};
  for (size_t k = 0; k < style_taps().size(); ++k) {
    content_.push_back(within(content_plan_->tap(style_taps()[k]), pixels_of_tap(k)));
  }
}

Manner Painter::manner_of(const std::vector<WeightedStatistics>& styles, double share,
                          double boldness, uint64_t seed) {
  Transfer transfer = make_transfer(backend_, content_, styles, share);
  std::vector<ChannelMap> maps = painting_maps(config_, content_, transfer, decoder_.gains, type_);
  return {std::move(maps), std::move(transfer.reached), boldness, seed};
}

Tensor Painter::paint(const std::vector<WeightedStatistics>& styles, double share, double boldness,
                      uint64_t seed) {
  const Manner manner = manner_of(styles, share, boldness, seed);
  plan_painting(content_plan_->input_shape());
  feed_decoder(backend_, config_, *content_plan_, manner, code_, 0, *decoder_plan_);
  decoder_plan_->forward();
  return decoder_plan_->tap("rgb");
}

void Painter::look_at_content(const TiledPicture& picture, const PictureGuide& part) {
  decoder_plan_.reset();  // the copies below take its place
  plan_looking({1, picture.window_height, picture.window_width, 3});
  Tensor pixels, features;
  content_.assign(style_taps().size() + 1, {});
  for (const Tile& tile : picture.tiles(encoder_halo)) {
    const Tensor& window = read_window(picture, tile.y.start, tile.x.start);
    content_plan_->forward(window);
    const auto add = [&](size_t k, const Tensor& seen, int64_t step, Tensor& room) {
      const Tensor core = core_of(seen, tile, step, room);
      if (!part) {
        content_[k] = together(content_[k], feature_statistics(backend_, core));
        return;
      }
      const Guide guide =
          part(tile.y.begin, tile.x.begin, core.shape().h(), core.shape().w(), step);
      if (guide.positions.empty()) return;
      content_[k] = together(content_[k], guided_statistics(backend_, core, guide));
    };
    add(0, window, 1, pixels);
    for (size_t k = 0; k < style_taps().size(); ++k) {
      add(k + 1, content_plan_->tap(style_taps()[k]), pixels_of_tap(k), features);
    }
  }
}

Tensor Painter::paint_window(const TiledPicture& picture, int64_t y, int64_t x,
                             const Manner& manner) {
  const Tensor& window = read_window(picture, y, x);
  plan_painting(window.shape());
  content_plan_->forward(window);
  feed_decoder(backend_, config_, *content_plan_, manner, code_, 0, *decoder_plan_, y, x);
  decoder_plan_->forward();
  return decoder_plan_->tap("rgb");
}

// How far a cut can be seen, where that is less than it could be: a trained decoder may make little
// of its coarse features. Two windows that overlap tell, one cut in the middle of the other.
int64_t Painter::measured_halo(const TiledPicture& picture, const Manner& manner) {
  const int64_t w = picture.window_width, h = picture.window_height;
  const int64_t cut = (w - 2 * painter_halo) / 16 * 16;
  const int64_t y = (picture.height - h) / 32 * 16, x = (picture.width - w - cut) / 32 * 16;
  const Tensor whole = paint_window(picture, y, x, manner).clone();
  const Tensor part = paint_window(picture, y, x + cut, manner);
  int64_t halo = 0;
  for (int64_t row = 0; row < h; ++row) {
    const float* a = whole.data<float>() + 3 * (row * w + cut);
    const float* b = part.data<float>() + 3 * row * w;
    for (int64_t i = 3 * halo; i < 3 * painter_halo; ++i) {
      if (!(std::abs(a[i] - b[i]) <= unseen)) halo = i / 3 + 1;
    }
  }
  return std::clamp((halo + 15) / 16 * 16 + 16, smallest_halo, painter_halo);
}

std::vector<Tile> Painter::paint(const TiledPicture& picture,
                                 const std::vector<WeightedStatistics>& styles, double share,
                                 double boldness, uint64_t seed, const WriteTile& write) {
  const Manner manner = manner_of(styles, share, boldness, seed);
  std::vector<Tile> tiles = picture.tiles(painter_halo);
  const bool room = picture.width >= 2 * picture.window_width;  // for both of its windows
  if (tiles.size() >= enough_to_measure && room) {
    tiles = picture.tiles(measured_halo(picture, manner));
  }
  size_t done = 0;
  try {
    for (bool go_on = true; go_on && done < tiles.size();) {
      const Tile& tile = tiles[done];
      const Tensor painted = paint_window(picture, tile.y.start, tile.x.start, manner);
      ++done;
      go_on = write(tile, painted, static_cast<double>(done) / static_cast<double>(tiles.size()));
    }
  } catch (const Stopped&) {  // in the middle of a tile
  }
  return {tiles.begin() + static_cast<ptrdiff_t>(done), tiles.end()};
}

}  // namespace impasto
