#include "transfer/feed.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/parallel.h"
#include "losses/style.h"
#include "transfer/roots.h"

namespace impasto {

namespace {

// The encoder's features have a mean square near 16; convolutions learn best around 1.
constexpr float feature_scale = 0.25f;
// Of the mean variance, added to every channel's: what hardly varies is not amplified.
constexpr double standard_ridge = 0.01;

// A small integer hash (Wellons 2018, "lowbias32").
uint32_t hash(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  return x ^ (x >> 16);
}

// What gives colours of mean 0 and variance 1 these statistics.
void write_colours(Backend& backend, const FeatureStatistics& s, const Tensor& to) {
  const Tensor covariance({3, 3});
  for (int64_t i = 0; i < 9; ++i) {
    covariance.data<float>()[i] = static_cast<float>(s.covariance[static_cast<size_t>(i)]);
  }
  for (int64_t i = 0; i < 9; i += 4)
    covariance.data<float>()[i] += 1e-6f;  // of 0..1: flat pictures
  to.slice(0, {9}).copy_from(symmetric_roots(backend, covariance).root.reshaped({9}));
  for (int64_t i = 0; i < 3; ++i) {
    to.slice(9 + i, {1}).fill(s.mean[static_cast<size_t>(i)]);
  }
}

// The place of a tap's map and statistics: after the colours.
size_t place_of(const std::string& tap) {
  const auto& known = style_taps();
  return static_cast<size_t>(std::find(known.begin(), known.end(), tap) - known.begin()) + 1;
}

// Each channel's deviation, as a standardising map divides by it.
std::vector<float> deviations(const FeatureStatistics& s) {
  const double more = standard_ridge * mean_variance_of(s) + 1e-6;
  std::vector<float> result;
  for (size_t i = 0; i < s.mean.size(); ++i) {
    result.push_back(static_cast<float>(std::sqrt(variance_of(s, i) + more)));
  }
  return result;
}

// Of features of bf16 the matrix gets entries that bf16 holds exactly: what a backend rounds away
// must not shift the mean, which is larger than the deviation.
ChannelMap rounded(const Tensor& matrix, const FeatureStatistics& of,
                   const std::vector<double>& mean, DType type) {
  if (type == DType::bf16) matrix.copy_from(matrix.to(type));
  return map_to_mean(matrix, of, mean);
}

// The transfer's matrix at a tap, and the mean that it reaches, as the decoder reads them.
std::pair<Tensor, std::vector<double>> scaled(const Transfer& transfer, size_t at) {
  const Tensor matrix = transfer.maps[at].matrix.clone();
  for (int64_t i = 0; i < matrix.size(); ++i) matrix.data<float>()[i] *= feature_scale;
  std::vector<double> mean = transfer.reached[at].mean;
  for (double& m : mean) m *= feature_scale;
  return {matrix, std::move(mean)};
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

std::vector<ChannelMap> training_maps(const DecoderConfig& config, const PictureStatistics& content,
                                      const Transfer& transfer, DType type) {
  std::vector<ChannelMap> maps;
  for (const std::string& tap : config.taps) {
    const size_t at = place_of(tap);
    const auto [matrix, mean] = scaled(transfer, at);
    maps.push_back(rounded(matrix, content[at], mean, type));
  }
  for (const std::string& tap : config.taps) {
    const FeatureStatistics& of = content[place_of(tap)];
    const std::vector<float> deviation = deviations(of);
    const Tensor matrix = Tensor::zeros({of.channels, of.channels});
    for (int64_t i = 0; i < of.channels; ++i) {
      matrix.data<float>()[i * of.channels + i] = 1 / deviation[static_cast<size_t>(i)];
    }
    maps.push_back(rounded(matrix, of, std::vector<double>(deviation.size()), type));
  }
  return maps;
}

std::vector<ChannelMap> painting_maps(const DecoderConfig& config, const PictureStatistics& content,
                                      const Transfer& transfer,
                                      const std::vector<ContentGain>& gains, DType type) {
  std::vector<ChannelMap> maps;
  for (size_t k = 0; k < config.taps.size(); ++k) {
    const size_t at = place_of(config.taps[k]);
    const FeatureStatistics& of = content[at];
    const std::vector<float> deviation = deviations(of);
    auto [matrix, mean] = scaled(transfer, at);
    for (int64_t i = 0; i < of.channels; ++i) {
      const auto row = static_cast<size_t>(i);
      mean[row] += gains[k].bias.data<float>()[i];
      for (int64_t j = 0; j < of.channels; ++j) {
        matrix.data<float>()[i * of.channels + j] +=
            gains[k].matrix.data<float>()[i * of.channels + j] / deviation[row];
      }
    }
    maps.push_back(rounded(matrix, of, mean, type));
  }
  return maps;
}

void feed_decoder(Backend& backend, const DecoderConfig& config, const Plan& encoder,
                  const Manner& manner, const StyleCode& code, int64_t index, Plan& decoder,
                  int64_t y, int64_t x) {
  size_t input = 0;
  for (const ChannelMap& map : manner.maps) {
    const std::string& tap = config.taps[input % config.taps.size()];
    backend.channel_mix(encoder.tap(tap).picture(index), map.matrix, map.bias, false,
                        decoder.input(input).picture(index));
    ++input;
  }
  for (int i = 0; i < config.noise_levels; ++i) {
    // That a position stands for.
    const int64_t pixels = (int64_t{1} << (config.taps.size() - 1)) >> i;
    fill_noise(decoder.input(input++).picture(index), manner.seed + static_cast<uint64_t>(i) * 977,
               y / pixels, x / pixels);
  }
  code.write(manner.reached, manner.boldness, decoder.input(input++).picture(index));
  write_colours(backend, manner.reached[0], decoder.input(input).picture(index));
}

}  // namespace impasto
