#include "image/label_map.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "impasto/error.h"

namespace impasto {

namespace {

using Colour = std::array<double, 3>;

constexpr uint8_t none = 255;
constexpr size_t most_colours = 32;
constexpr double distinct = 40;       // two colours that are not one, 0..255
constexpr double same_label = 64;     // of two maps
constexpr double pure = 12;           // a thin line in a label's colour
constexpr double flat = 16;           // largest change from pixel to pixel of one colour
constexpr double least_share = 5e-4;  // of the flat pixels

double distance(const Colour& a, const Colour& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

size_t nearest(const std::vector<Colour>& colours, const Colour& c) {
  const auto closer = [&](const Colour& a, const Colour& b) {
    return distance(a, c) < distance(b, c);
  };
  return static_cast<size_t>(std::min_element(colours.begin(), colours.end(), closer) -
                             colours.begin());
}

struct Pixels {
  explicit Pixels(const Image& image)
      : width(image.width()), height(image.height()), colours(static_cast<size_t>(width) * height) {
    std::vector<float> row(static_cast<size_t>(width) * 3);
    for (int y = 0; y < height; ++y) {
      image.read(0, y, width, row.data());
      for (int x = 0; x < width; ++x) {
        for (size_t c = 0; c < 3; ++c) {
          at(x, y)[c] = 255 * static_cast<double>(row[static_cast<size_t>(3 * x) + c]);
        }
      }
    }
  }
  Colour& at(int x, int y) { return colours[static_cast<size_t>(y) * width + x]; }
  const Colour& at(int x, int y) const { return colours[static_cast<size_t>(y) * width + x]; }

  // f(x, y) of the neighbours inside, of which there are up to eight; four of them alone when
  // asked.
  template <class F>
  void around(int x, int y, bool four, const F& f) const {
    for (int j = std::max(0, y - 1); j <= std::min(height - 1, y + 1); ++j) {
      for (int i = std::max(0, x - 1); i <= std::min(width - 1, x + 1); ++i) {
        if ((i == x && j == y) || (four && i != x && j != y)) continue;
        f(i, j);
      }
    }
  }
  bool is_flat(int x, int y) const {
    bool result = true;
    around(x, y, true, [&](int i, int j) {
      for (size_t c = 0; c < 3; ++c) {
        result = result && std::abs(at(i, j)[c] - at(x, y)[c]) <= flat;
      }
    });
    return result;
  }

  int width, height;
  std::vector<Colour> colours;
};

// A handful of colours that are nearly the same.
struct Bin {
  double count = 0;
  Colour sum{};
  Colour mean() const { return {sum[0] / count, sum[1] / count, sum[2] / count}; }
  void add(const Bin& b) {
    count += b.count;
    for (size_t c = 0; c < 3; ++c) sum[c] += b.sum[c];
  }
};

std::vector<Bin> histogram(const Pixels& pixels, bool flat_only) {
  std::map<int, Bin> bins;
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < pixels.width; ++x) {
      if (flat_only && !pixels.is_flat(x, y)) continue;
      const Colour& c = pixels.at(x, y);
      int key = 0;
      for (const double v : c) key = key * 32 + std::clamp(static_cast<int>(v / 8), 0, 31);
      bins[key].add({1, c});
    }
  }
  std::vector<Bin> result;
  for (const auto& [key, bin] : bins) result.push_back(bin);
  std::stable_sort(result.begin(), result.end(),
                   [](const Bin& a, const Bin& b) { return a.count > b.count; });
  return result;
}

// The most frequent colours that are distinct, moved to the mean of what is nearest to each.
std::vector<Colour> dominant(const std::vector<Bin>& bins) {
  std::vector<Colour> centres;
  for (const Bin& bin : bins) {
    const Colour c = bin.mean();
    if (centres.empty() || distance(centres[nearest(centres, c)], c) > distinct) {
      centres.push_back(c);
      if (centres.size() > 8 * most_colours) return centres;
    }
  }
  double all = 0;
  std::vector<Bin> clusters(centres.size());
  for (const Bin& bin : bins) {
    clusters[nearest(centres, bin.mean())].add(bin);
    all += bin.count;
  }
  std::erase_if(clusters, [&](const Bin& b) { return b.count < least_share * all; });
  std::stable_sort(clusters.begin(), clusters.end(),
                   [](const Bin& a, const Bin& b) { return a.count > b.count; });
  centres.clear();
  for (const Bin& b : clusters) centres.push_back(b.mean());
  return centres;
}

// What is sure: flat places, and lines in the very colour of a label.
std::vector<uint8_t> sure_labels(const Pixels& pixels, const std::vector<Colour>& colours) {
  const auto pure_label = [&](int x, int y) {
    const size_t label = nearest(colours, pixels.at(x, y));
    return distance(colours[label], pixels.at(x, y)) <= pure ? static_cast<uint8_t>(label) : none;
  };
  std::vector<uint8_t> labels(pixels.colours.size(), none);
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < pixels.width; ++x) {
      uint8_t& label = labels[static_cast<size_t>(y) * pixels.width + x];
      const size_t best = nearest(colours, pixels.at(x, y));
      if (pixels.is_flat(x, y) && distance(colours[best], pixels.at(x, y)) <= distinct) {
        label = static_cast<uint8_t>(best);
        continue;
      }
      const uint8_t own = pure_label(x, y);
      if (own == none) continue;
      pixels.around(x, y, false, [&](int i, int j) {
        if (pure_label(i, j) == own) label = own;
      });
    }
  }
  return labels;
}

// From there outwards: each pixel takes, of the labels beside it, the one of the nearest colour.
void grow(const Pixels& pixels, const std::vector<Colour>& colours, std::vector<uint8_t>& labels) {
  const auto index = [&](int x, int y) { return static_cast<size_t>(y) * pixels.width + x; };
  for (bool changed = true; changed;) {
    changed = false;
    const std::vector<uint8_t> before = labels;
    for (int y = 0; y < pixels.height; ++y) {
      for (int x = 0; x < pixels.width; ++x) {
        if (before[index(x, y)] != none) continue;
        uint8_t& label = labels[index(x, y)];
        pixels.around(x, y, false, [&](int i, int j) {
          const uint8_t other = before[index(i, j)];
          if (other == none) return;
          const Colour& c = pixels.at(x, y);
          if (label == none || distance(colours[other], c) < distance(colours[label], c)) {
            label = other;
          }
        });
        changed = changed || label != none;
      }
    }
  }
  for (size_t i = 0; i < labels.size(); ++i) {  // nothing was sure
    if (labels[i] == none) labels[i] = static_cast<uint8_t>(nearest(colours, pixels.colours[i]));
  }
}

}  // namespace

Mask LabelMap::mask(size_t label) const {
  Mask mask{width, height, std::vector<uint8_t>(labels.size())};
  for (size_t i = 0; i < labels.size(); ++i) mask.values[i] = labels[i] == label ? 255 : 0;
  return mask;
}

LabelMap read_label_map(const Image& image, const std::string& name) {
  const Pixels pixels(image);
  std::vector<Bin> bins = histogram(pixels, true);
  if (bins.empty()) bins = histogram(pixels, false);
  LabelMap map{pixels.width, pixels.height, dominant(bins), {}};
  if (map.colours.empty() || map.colours.size() > most_colours) {
    throw Error(ErrorCode::input, name + ": expected a map painted in at most " +
                                      std::to_string(most_colours) +
                                      " flat colours, found more than that");
  }
  map.labels = sure_labels(pixels, map.colours);
  grow(pixels, map.colours, map.labels);
  return map;
}

std::string hex_of(const std::array<double, 3>& colour) {
  char text[8];
  const auto level = [](double v) { return std::clamp(static_cast<int>(std::lround(v)), 0, 255); };
  std::snprintf(text, sizeof text, "#%02x%02x%02x", level(colour[0]), level(colour[1]),
                level(colour[2]));
  return text;
}

void match_labels(const LabelMap& like, const std::string& like_name, LabelMap& map,
                  const std::string& name) {
  const auto refuse = [](const Colour& c, const std::string& in, const std::string& other) {
    throw Error(ErrorCode::input, in + ": the colour " + hex_of(c) + " is not in " + other +
                                      "; both maps need the same colours");
  };
  std::vector<uint8_t> place(map.colours.size());
  std::vector<bool> taken(like.colours.size());
  for (size_t i = 0; i < map.colours.size(); ++i) {
    const size_t best = nearest(like.colours, map.colours[i]);
    const bool fits = distance(like.colours[best], map.colours[i]) <= same_label;
    if (!fits || taken[best]) refuse(map.colours[i], name, like_name);
    taken[best] = true;
    place[i] = static_cast<uint8_t>(best);
  }
  for (size_t i = 0; i < like.colours.size(); ++i) {
    if (!taken[i]) refuse(like.colours[i], like_name, name);
  }
  for (uint8_t& label : map.labels) label = place[label];
  map.colours = like.colours;
}

}  // namespace impasto
