#include "image/map_colours.h"

#include <cmath>
#include <map>

namespace impasto {

namespace {

constexpr int cell = 8;
constexpr double least_share = 5e-4;  // of the flat pixels
constexpr size_t least_pixels = 4;
constexpr size_t most_candidates = 256;
// Of lightness and chroma: beside a label's own, so much and such a part of how far those nearby
// lie apart.
constexpr double light_noise = 10, light_ringing = 0.1;
constexpr double chroma_noise = 10, chroma_ringing = 0.25;

// How far a colour is from the mixtures of two others.
double off_mixture(const MapColour& c, const MapColour& a, const MapColour& b) {
  double along = 0, length = 0;
  for (size_t i = 0; i < 3; ++i) {
    along += (c[i] - a[i]) * (b[i] - a[i]);
    length += (b[i] - a[i]) * (b[i] - a[i]);
  }
  const double share = length > 0 ? std::clamp(along / length, 0.0, 1.0) : 0;
  return distance(c, {a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]),
                      a[2] + share * (b[2] - a[2])});
}

// A handful of colours that are nearly the same.
struct Bin {
  double count = 0;
  MapColour sum{};
  MapColour mean() const { return {sum[0] / count, sum[1] / count, sum[2] / count}; }
  void add(const Bin& b) {
    count += b.count;
    for (size_t c = 0; c < 3; ++c) sum[c] += b.sum[c];
  }
};
void sort(std::vector<Bin>& bins) {
  std::stable_sort(bins.begin(), bins.end(),
                   [](const Bin& a, const Bin& b) { return a.count > b.count; });
}

std::vector<Bin> histogram(const MapPixels& pixels, bool flat_only) {
  std::map<int, Bin> bins;
  for (size_t i = 0; i < pixels.size(); ++i) {
    if (flat_only && !pixels.flat[i]) continue;
    int key = 0;
    for (const double v : pixels.at(i)) {
      key = key * 32 + std::clamp(static_cast<int>(v / 8), 0, 31);
    }
    bins[key].add({1, pixels.at(i)});
  }
  std::vector<Bin> result;
  for (const auto& [key, bin] : bins) result.push_back(bin);
  sort(result);
  return result;
}

// Each with the mean of those bins that are nearest to it, and no farther than that.
std::vector<Bin> clusters_of(const std::vector<Bin>& bins, const std::vector<MapColour>& centres,
                             double radius) {
  std::vector<Bin> clusters(centres.size());
  for (const Bin& bin : bins) {
    const size_t best = nearest(centres, bin.mean());
    if (distance(centres[best], bin.mean()) <= radius) clusters[best].add(bin);
  }
  return clusters;
}

std::vector<MapColour> means_of(std::vector<Bin> clusters) {
  sort(clusters);
  std::vector<MapColour> means;
  for (const Bin& b : clusters) means.push_back(b.mean());
  return means;
}

// Of a lossy map: one label after another, each the one of most flat pixels that are neither in
// the colours of those before nor what smear makes of them.
std::vector<MapColour> unexplained(const MapPixels& pixels, const std::vector<Bin>& bins,
                                   const std::vector<MapColour>& candidates, size_t most) {
  struct Place {
    int x, y;
    bool edge;
  };
  std::vector<Place> open;
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < pixels.width; ++x) {
      if (!pixels.flat[pixels.index(x, y)]) continue;
      bool edge = false;
      pixels.around(x, y, false, [&](int i, int j) {
        edge = edge || distance(pixels.at(i, j), pixels.at(x, y)) > pure_colour;
      });
      open.push_back({x, y, edge});
    }
  }
  const double least =
      std::max(static_cast<double>(least_pixels), least_share * static_cast<double>(open.size()));
  std::vector<MapColour> labels = {candidates.front()};
  Smear smear(pixels, labels);
  while (labels.size() <= most) {
    std::erase_if(open, [&](const Place& p) {
      const MapColour c = pixels.at(p.x, p.y);
      return distance(labels[nearest(labels, c)], c) <= distinct_colours ||
             smear.explains(p.x, p.y, p.edge);
    });
    std::vector<Bin> left(candidates.size());
    for (const Place& p : open) {
      const MapColour c = pixels.at(p.x, p.y);
      left[nearest(candidates, c)].add({1, c});
    }
    const auto next = std::max_element(
        left.begin(), left.end(), [](const Bin& a, const Bin& b) { return a.count < b.count; });
    if (next->count < least) break;
    labels.push_back(next->mean());
    smear.add(labels.back());
  }
  std::vector<Bin> clusters = clusters_of(bins, labels, distinct_colours / 2);
  for (size_t i = 0; i < labels.size(); ++i) {
    if (clusters[i].count == 0) clusters[i].add({1, labels[i]});
  }
  return means_of(std::move(clusters));
}

}  // namespace

MapColour tones_of(const MapColour& c) {
  const double y = 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
  return {y, 0.564 * (c[2] - y), 0.713 * (c[0] - y)};
}

Smear::Smear(const MapPixels& pixels, const std::vector<MapColour>& colours)
    : pixels_(pixels),
      across_((pixels.width + cell - 1) / cell),
      down_((pixels.height + cell - 1) / cell),
      near_(static_cast<size_t>(across_) * down_) {
  for (const MapColour& c : colours) add(c);
}

void Smear::add(const MapColour& colour) {
  const uint64_t label = uint64_t{1} << tones_.size();
  tones_.push_back(tones_of(colour));
  std::vector<bool> here(near_.size());
  for (int y = 0; y < pixels_.height; ++y) {
    for (int x = 0; x < pixels_.width; ++x) {
      if (distance(colour, pixels_.at(x, y)) <= pure_colour) here[cell_of(x, y)] = true;
    }
  }
  for (int y = 0; y < down_; ++y) {
    for (int x = 0; x < across_; ++x) {
      if (!here[static_cast<size_t>(y) * across_ + x]) continue;
      for (int j = std::max(0, y - 1); j <= std::min(down_ - 1, y + 1); ++j) {
        for (int i = std::max(0, x - 1); i <= std::min(across_ - 1, x + 1); ++i) {
          near_[static_cast<size_t>(j) * across_ + i] |= label;
        }
      }
    }
  }
}

size_t Smear::cell_of(int x, int y) const {
  return static_cast<size_t>(y / cell) * across_ + x / cell;
}

bool Smear::explains(int x, int y, bool edge, int label) const {
  uint64_t labels = near_[cell_of(x, y)];
  if (label >= 0) labels &= ~(uint64_t{1} << label);
  if (labels == 0) return false;
  MapColour low = {INFINITY, INFINITY, INFINITY}, high = {-INFINITY, -INFINITY, -INFINITY};
  const MapColour tone = tones_of(pixels_.at(x, y));
  double off = INFINITY;  // lightness, from the nearest label's
  for (size_t i = 0; i < tones_.size(); ++i) {
    if (!(labels >> i & 1)) continue;
    off = std::min(off, std::abs(tone[0] - tones_[i][0]));
    for (size_t c = 0; c < 3; ++c) {
      low[c] = std::min(low[c], tones_[i][c]);
      high[c] = std::max(high[c], tones_[i][c]);
    }
  }
  if (edge) {  // of a line, too, that is too thin for its colour to be seen
    for (size_t i = 0; i < tones_.size(); ++i) {
      if (!(labels >> i & 1)) continue;
      for (size_t j = 0; j < tones_.size(); ++j) {
        if (static_cast<int>(j) == label) continue;
        if (off_mixture(tone, tones_[i], tones_[j]) <= pure_colour) return true;
      }
    }
    if (tone[0] >= low[0] && tone[0] <= high[0]) off = 0;
  }
  bool result = off <= light_noise + light_ringing * (high[0] - low[0]);
  for (size_t c = 1; c < 3; ++c) {
    const double beyond = chroma_noise + chroma_ringing * (high[c] - low[c]);
    result = result && tone[c] >= low[c] - beyond && tone[c] <= high[c] + beyond;
  }
  return result;
}

std::vector<MapColour> map_colours(const MapPixels& pixels, size_t most) {
  std::vector<Bin> bins = histogram(pixels, true);
  if (bins.empty()) bins = histogram(pixels, false);
  std::vector<MapColour> centres;
  for (const Bin& bin : bins) {
    const MapColour c = bin.mean();
    if (centres.empty() || distance(centres[nearest(centres, c)], c) > distinct_colours) {
      centres.push_back(c);
      if (centres.size() > most_candidates) return centres;
    }
  }
  if (pixels.lossy) return unexplained(pixels, bins, centres, most);
  double all = 0;
  for (const Bin& bin : bins) all += bin.count;
  std::vector<Bin> clusters = clusters_of(bins, centres, INFINITY);
  std::erase_if(clusters, [&](const Bin& b) { return b.count < least_share * all; });
  return means_of(std::move(clusters));
}

}  // namespace impasto
