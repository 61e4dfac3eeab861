#include "transfer/painter.h"

#include <algorithm>

#include "base/parallel.h"
#include "transfer/roots.h"

namespace impasto {

namespace {

// The encoder's features have a mean square near 16; convolutions learn best around 1.
constexpr float feature_scale = 0.25f;

Tensor scaled(const Tensor& t) {
  const Tensor result = t.clone();
  float* v = result.data<float>();
  for (int64_t i = 0; i < t.size(); ++i) v[i] *= feature_scale;
  return result;
}

// A small integer hash (Wellons 2018, "lowbias32").
uint32_t hash(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  return x ^ (x >> 16);
}

Tensor of_picture(const Tensor& batch, int64_t index) {
  const Shape& s = batch.shape();
  const Shape one{1, s.h(), s.w(), s.c()};
  return batch.slice(index * one.size(), one);
}

// What gives colours of mean 0 and variance 1 these statistics.
void write_colours(Backend& backend, const FeatureStatistics& s, const Tensor& to) {
  const Tensor covariance({3, 3});
  for (int64_t i = 0; i < 9; ++i) {
    covariance.data<float>()[i] = static_cast<float>(s.covariance[static_cast<size_t>(i)]);
  }
  for (int64_t i = 0; i < 9; i += 4)
    covariance.data<float>()[i] += 1e-5f;  // of 0..1: flat pictures
  to.slice(0, {9}).copy_from(symmetric_roots(backend, covariance).root.reshaped({9}));
  for (int64_t i = 0; i < 3; ++i) {
    to.slice(9 + i, {1}).fill(s.mean[static_cast<size_t>(i)]);
  }
}

}  // namespace

void fill_noise(const Tensor& t, uint64_t seed, int64_t y0, int64_t x0) {
  const Shape& s = t.shape();
  const auto start = hash(static_cast<uint32_t>(seed) ^ hash(static_cast<uint32_t>(seed >> 32)));
  const auto fill = [&](auto tag) {
    using T = decltype(tag);
    parallel_for(s.h(), 8, [&](int64_t begin, int64_t end) {
      for (int64_t y = begin; y < end; ++y) {
        const uint32_t row = hash(start ^ static_cast<uint32_t>(y0 + y) * 0x9e3779b9U);
        T* to = t.data<T>() + y * s.w() * s.c();
        for (int64_t x = 0; x < s.w(); ++x) {
          const uint32_t place = row + static_cast<uint32_t>(x0 + x) * 0x85ebca6bU;
          for (int64_t c = 0; c < s.c(); ++c) {
            const uint32_t h = hash(place ^ static_cast<uint32_t>(c) * 0xc2b2ae35U);
            *to++ = static_cast<T>((static_cast<float>(h) * 0x1p-32f - 0.5f) * 3.4641016f);
          }
        }
      }
    });
  };
  dispatch(t.dtype(), fill);
}

void feed_decoder(Backend& backend, const DecoderConfig& config, const Plan& encoder,
                  const Transfer& transfer, const StyleCode& code, double boldness, uint64_t seed,
                  int64_t index, Plan& decoder, int64_t y, int64_t x) {
  const auto& known = style_taps();  // after the colours
  size_t input = 0;
  for (const std::string& tap : config.taps) {
    const auto k = static_cast<size_t>(std::find(known.begin(), known.end(), tap) - known.begin());
    const ChannelMap& map = transfer.maps[k + 1];
    backend.channel_mix(of_picture(encoder.tap(tap), index), scaled(map.matrix), scaled(map.bias),
                        false, of_picture(decoder.input(input++), index));
  }
  for (int i = 0; i < config.noise_levels; ++i) {
    const int64_t pixels = (int64_t{1} << config.taps.size()) >> i;  // that a position stands for
    fill_noise(of_picture(decoder.input(input++), index), seed + static_cast<uint64_t>(i) * 977,
               y / pixels, x / pixels);
  }
  code.write(transfer.reached, boldness, of_picture(decoder.input(input++), index));
  write_colours(backend, transfer.reached[0], of_picture(decoder.input(input), index));
}

Painter::Painter(Backend& backend, std::shared_ptr<const Graph> encoder,
                 std::shared_ptr<const Graph> decoder, StyleCode code, DType type)
    : backend_(backend),
      encoder_(std::move(encoder)),
      decoder_(std::move(decoder)),
      code_(std::move(code)),
      type_(type) {}

StyleStatistics Painter::look_at_style(const Tensor& painting) {
  Plan plan(encoder_, backend_, painting.shape(), {type_, style_taps(), false, false});
  plan.forward(painting);
  return prepare_style(backend_, picture_statistics(backend_, painting, plan));
}

Plan Painter::content_plan(const Shape& s) const {
  return Plan(encoder_, backend_, s, PlanOptions{type_, style_taps(), false, false});
}
Plan Painter::decoder_plan(const Shape& s) const {
  return Plan(decoder_, backend_, decoder_inputs(config_, 1, s.h(), s.w()),
              PlanOptions{type_, {"rgb"}, false, false});
}

size_t Painter::bytes(int64_t height, int64_t width) const {
  const Shape s{1, height, width, 3};
  // Pictures beside the features: the photograph, as a tensor, and the result.
  return content_plan(s).arena_bytes() + decoder_plan(s).arena_bytes() +
         4 * sizeof(float) * static_cast<size_t>(s.size());
}

void Painter::plan_for(const Shape& window) {
  if (content_plan_ && content_plan_->input_shape() == window) return;
  content_plan_.reset();  // before the next take their memory
  decoder_plan_.reset();
  content_plan_.emplace(content_plan(window));
  decoder_plan_.emplace(decoder_plan(window));
}

void Painter::look_at_content(const Tensor& photo) {
  plan_for(photo.shape());
  content_plan_->forward(photo);
  content_ = picture_statistics(backend_, photo, *content_plan_);
}

Tensor Painter::paint(const std::vector<WeightedStatistics>& styles, double share, double boldness,
                      uint64_t seed) {
  const Transfer transfer = make_transfer(backend_, content_, styles, share);
  feed_decoder(backend_, config_, *content_plan_, transfer, code_, boldness, seed, 0,
               *decoder_plan_);
  decoder_plan_->forward();
  return decoder_plan_->tap("rgb");
}

void Painter::look_at_content(const TiledPicture& picture) {
  const Tensor window({1, picture.window_height, picture.window_width, 3});
  plan_for(window.shape());
  PictureStatistics sum(style_taps().size() + 1);
  for (const Tile& tile : picture.tiles(encoder_halo)) {
    picture.read(tile.y.start, tile.x.start, window);
    content_plan_->forward(window);
    const auto add = [&](size_t k, const Tensor& features, int64_t step) {
      sum[k] = together(sum[k], feature_statistics(backend_, core_of(features, tile, step)));
    };
    add(0, window, 1);
    for (size_t k = 0; k < style_taps().size(); ++k) {
      add(k + 1, content_plan_->tap(style_taps()[k]), int64_t{1} << k);
    }
  }
  content_ = std::move(sum);
}

void Painter::paint(const TiledPicture& picture, const std::vector<WeightedStatistics>& styles,
                    double share, double boldness, uint64_t seed, const WriteTile& write) {
  const Transfer transfer = make_transfer(backend_, content_, styles, share);
  const Tensor window({1, picture.window_height, picture.window_width, 3});
  plan_for(window.shape());
  for (const Tile& tile : picture.tiles(painter_halo)) {
    picture.read(tile.y.start, tile.x.start, window);
    content_plan_->forward(window);
    feed_decoder(backend_, config_, *content_plan_, transfer, code_, boldness, seed, 0,
                 *decoder_plan_, tile.y.start, tile.x.start);
    decoder_plan_->forward();
    if (!write(tile, decoder_plan_->tap("rgb"))) return;
  }
}

}  // namespace impasto
