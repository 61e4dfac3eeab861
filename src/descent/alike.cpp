#include "descent/alike.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "canvas/strip.h"
#include "descent/statistics.h"
#include "losses/style.h"
#include "nn/plan.h"

namespace impasto {

namespace {

constexpr const char* deep_tap = "relu4_1";
constexpr int looked_at = 384, part_count = 3, seeds = 4, rounds = 15;
constexpr double temperature = 0.15;  // of cosines

// Rows of features, each of length 1, of channels that were normalised over the picture.
struct Directions {
  int64_t height = 0, width = 0, channels = 0;
  std::vector<float> rows;  // [height * width, channels]

  int64_t count() const { return height * width; }
  const float* row(int64_t i) const { return rows.data() + i * channels; }
};

double dot(const float* a, const float* b, int64_t n) {
  float sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return static_cast<double>(sum);
}

void to_length_1(float* v, int64_t n) {
  const auto scale = static_cast<float>(1 / (std::sqrt(dot(v, v, n)) + 1e-6));
  for (int64_t i = 0; i < n; ++i) v[i] *= scale;
}

Size size_to_look_at(const PictureSource& picture) {
  const Size size{picture.width, picture.height};
  const double factor = std::min(1.0, static_cast<double>(looked_at) / stroke_side(size));
  return {std::max(1, static_cast<int>(std::lround(size.width * factor))),
          std::max(1, static_cast<int>(std::lround(size.height * factor)))};
}

Directions directions_of(const Network& network, Backend& backend, DType type,
                         const PictureSource& picture) {
  const Tensor pixels = to_tensor(source_of(picture, size_to_look_at(picture)));
  Plan plan(network.graph, backend, pixels.shape(), reading({{deep_tap, 1}}, type));
  plan.forward(pixels);
  const FeatureStatistics all = feature_statistics(backend, plan.tap(deep_tap));
  const Tensor features = plan.tap(deep_tap).to(DType::f32);
  const Shape shape = features.shape();
  Directions d{shape.h(), shape.w(), shape.c(), {}};
  d.rows.assign(features.data<float>(), features.data<float>() + features.size());
  const double usual = std::sqrt(mean_variance_of(all));
  for (int64_t i = 0; i < d.count(); ++i) {
    float* row = d.rows.data() + i * d.channels;
    for (int64_t c = 0; c < d.channels; ++c) {
      const auto k = static_cast<size_t>(c);
      const double deviation = std::sqrt(variance_of(all, k)) + 1e-3 * usual + 1e-6;
      row[c] = static_cast<float>((static_cast<double>(row[c]) - all.mean[k]) / deviation);
    }
    to_length_1(row, d.channels);
  }
  return d;
}

using Centres = std::vector<std::vector<float>>;

// The nearest of the centres, and its cosine.
std::pair<size_t, double> nearest(const Centres& centres, const float* row, int64_t channels) {
  std::pair<size_t, double> best{0, -2};
  for (size_t k = 0; k < centres.size(); ++k) {
    const double cosine = dot(centres[k].data(), row, channels);
    if (cosine > best.second) best = {k, cosine};
  }
  return best;
}

std::vector<float> row_of(const Directions& d, int64_t i) {
  return {d.row(i), d.row(i) + d.channels};
}

// k-means++ (Arthur and Vassilvitskii 2007) for directions.
Centres first_centres(const Directions& d, Random& random) {
  Centres centres = {row_of(d, random.below(d.count()))};
  std::vector<double> until(static_cast<size_t>(d.count()));
  while (centres.size() < part_count) {
    double sum = 0;
    for (int64_t i = 0; i < d.count(); ++i) {
      const double distance = 1 - nearest(centres, d.row(i), d.channels).second;
      until[static_cast<size_t>(i)] = sum += distance * distance;
    }
    const auto drawn = std::upper_bound(until.begin(), until.end() - 1, random.uniform() * sum);
    centres.push_back(row_of(d, drawn - until.begin()));
  }
  return centres;
}

// The mean cosine of positions with their centres, which are moved.
double settle(const Directions& d, Centres& centres) {
  double mean = 0;
  for (int round = 0; round < rounds; ++round) {
    Centres sums(centres.size(), std::vector<float>(static_cast<size_t>(d.channels)));
    std::vector<int64_t> members(centres.size());
    mean = 0;
    for (int64_t i = 0; i < d.count(); ++i) {
      const auto [k, cosine] = nearest(centres, d.row(i), d.channels);
      mean += cosine / static_cast<double>(d.count());
      ++members[k];
      for (int64_t c = 0; c < d.channels; ++c) sums[k][static_cast<size_t>(c)] += d.row(i)[c];
    }
    for (size_t k = 0; k < centres.size(); ++k) {
      if (members[k] == 0) continue;
      to_length_1(sums[k].data(), d.channels);
      centres[k] = std::move(sums[k]);
    }
  }
  return mean;
}

Centres centres_of(const Directions& d) {
  Random random(1);
  Centres best;
  double best_mean = -2;
  for (int seed = 0; seed < seeds; ++seed) {
    Centres centres = first_centres(d, random);
    const double mean = settle(d, centres);
    if (mean > best_mean) best_mean = mean, best = std::move(centres);
  }
  return best;
}

using Shares = std::vector<double>;  // of each part

// Softmax of cosines and biases; the mean share of each part.
Shares share_out(const Directions& d, const Centres& centres, const Shares& bias, PartShares& to) {
  to = {d.height, d.width, static_cast<int64_t>(centres.size()), {}};
  to.shares.resize(static_cast<size_t>(d.count() * to.parts));
  Shares mean(centres.size());
  Shares likeness(centres.size());
  for (int64_t i = 0; i < d.count(); ++i) {
    double sum = 0;
    for (size_t k = 0; k < centres.size(); ++k) {
      const double cosine = dot(centres[k].data(), d.row(i), d.channels);
      sum += likeness[k] = std::exp(cosine / temperature + bias[k]);
    }
    for (size_t k = 0; k < centres.size(); ++k) {
      const double share = likeness[k] / sum;
      to.shares[static_cast<size_t>(i * to.parts) + k] = static_cast<float>(share);
      mean[k] += share / static_cast<double>(d.count());
    }
  }
  return mean;
}

// Of a position between those that are known, in units of them.
void read(const PartShares& s, double y, double x, float* to) {
  y = std::clamp(y, 0.0, static_cast<double>(s.height - 1));
  x = std::clamp(x, 0.0, static_cast<double>(s.width - 1));
  const auto y0 = static_cast<int64_t>(y), x0 = static_cast<int64_t>(x);
  const int64_t y1 = std::min(y0 + 1, s.height - 1), x1 = std::min(x0 + 1, s.width - 1);
  const auto v = static_cast<float>(y - static_cast<double>(y0));
  const auto u = static_cast<float>(x - static_cast<double>(x0));
  const auto at = [&](int64_t row, int64_t column) {
    return s.shares.data() + (row * s.width + column) * s.parts;
  };
  for (int64_t k = 0; k < s.parts; ++k) {
    to[k] = (1 - v) * ((1 - u) * at(y0, x0)[k] + u * at(y0, x1)[k]) +
            v * ((1 - u) * at(y1, x0)[k] + u * at(y1, x1)[k]);
  }
}

}  // namespace

std::shared_ptr<const AlikeParts> find_alike_parts(const Network& network, Backend& backend,
                                                   DType type, const PictureSource& photo,
                                                   const PictureSource& painting) {
  if (!network.graph->has_tap(deep_tap)) return nullptr;
  const Directions of_painting = directions_of(network, backend, type, painting);
  const Directions of_photo = directions_of(network, backend, type, photo);
  if (of_painting.count() < 4 * part_count || of_photo.count() < 4 * part_count) return nullptr;
  const Centres centres = centres_of(of_painting);
  auto alike = std::make_shared<AlikeParts>();
  Shares bias(centres.size());
  const Shares wanted = share_out(of_painting, centres, bias, alike->painting);
  const Shares found = share_out(of_photo, centres, bias, alike->photo);
  Shares now = found;
  for (int i = 0; i < 8; ++i) {  // iterative proportional fitting
    for (size_t k = 0; k < bias.size(); ++k) {
      bias[k] += std::log((0.5 * found[k] + 0.5 * wanted[k]) / (now[k] + 1e-6));
    }
    now = share_out(of_photo, centres, bias, alike->photo);
  }
  return alike;
}

std::vector<Guide> guides_of(const PartShares& s, const Size& inside, int margin,
                             const Shape& features) {
  const int64_t h = features.h(), w = features.w();
  std::vector<Guide> guides(static_cast<size_t>(s.parts));
  for (Guide& guide : guides) guide.height = h, guide.width = w;
  // Pixels of the picture, then positions that are known.
  const auto place = [margin](int64_t i, int64_t count, int pixels, int64_t known) {
    const double step = (pixels + 2.0 * margin) / static_cast<double>(count);
    const double pixel = (static_cast<double>(i) + 0.5) * step - margin;
    return pixel * static_cast<double>(known) / pixels - 0.5;
  };
  std::vector<float> share(guides.size());
  for (int64_t y = 0; y < h; ++y) {
    const double row = place(y, h, inside.height, s.height);
    for (int64_t x = 0; x < w; ++x) {
      read(s, row, place(x, w, inside.width, s.width), share.data());
      const auto most = std::max_element(share.begin(), share.end()) - share.begin();
      Guide& guide = guides[static_cast<size_t>(most)];
      guide.positions.push_back(static_cast<int32_t>(y * w + x));
      guide.sum += 1;
    }
  }
  for (Guide& guide : guides) guide.positions.shrink_to_fit();
  return guides;
}

}  // namespace impasto
