#include "image/label_map.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "image/map_colours.h"
#include "impasto/error.h"

namespace impasto {

namespace {

constexpr uint8_t none = 255;
constexpr size_t most_colours = 32;
constexpr double same_label = 64;   // of two maps
constexpr double least_pure = 0.4;  // share of a map's pixels in a label's very colour

// Photographs have few pixels in any few colours.
bool is_drawn(const MapPixels& pixels, const std::vector<MapColour>& colours) {
  size_t pure = 0;
  for (size_t i = 0; i < pixels.size(); ++i) {
    const MapColour c = pixels.at(i);
    if (distance(colours[nearest(colours, c)], c) <= pure_colour) ++pure;
  }
  return static_cast<double>(pure) >= least_pure * static_cast<double>(pixels.size());
}

// What is sure: flat places, and lines in the very colour of a label; of a lossy map without what
// may be the smear of others.
std::vector<uint8_t> sure_labels(const MapPixels& pixels, const std::vector<MapColour>& colours) {
  const Smear smear(pixels, colours);
  std::vector<uint8_t> closest(pixels.size()), labels(closest.size(), none);
  std::vector<bool> pure(closest.size());
  for (size_t i = 0; i < closest.size(); ++i) {
    closest[i] = static_cast<uint8_t>(nearest(colours, pixels.at(i)));
    pure[i] = distance(colours[closest[i]], pixels.at(i)) <= pure_colour;
  }
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < pixels.width; ++x) {
      const size_t at = pixels.index(x, y);
      const uint8_t own = closest[at];
      int alike = 0, others = 0;  // around it, in pure colours
      pixels.around(x, y, false, [&](int i, int j) {
        const size_t beside = pixels.index(i, j);
        if (pure[beside]) ++(closest[beside] == own ? alike : others);
      });
      const bool within = distance(colours[own], pixels.at(at)) <= distinct_colours;
      bool sure = pixels.lossy ? pure[at] && alike > others
                               : (pixels.flat[at] && within) || (pure[at] && alike > 0);
      if (sure && pixels.lossy && alike < 8) sure = !smear.explains(x, y, false, own);
      if (sure) labels[at] = own;
    }
  }
  return labels;
}

// From there outwards: each pixel takes, of the labels beside it, the one of the nearest colour.
void grow(const MapPixels& pixels, const std::vector<MapColour>& colours,
          std::vector<uint8_t>& labels) {
  for (bool changed = true; changed;) {
    changed = false;
    const std::vector<uint8_t> before = labels;
    for (int y = 0; y < pixels.height; ++y) {
      for (int x = 0; x < pixels.width; ++x) {
        if (before[pixels.index(x, y)] != none) continue;
        uint8_t& label = labels[pixels.index(x, y)];
        pixels.around(x, y, false, [&](int i, int j) {
          const uint8_t other = before[pixels.index(i, j)];
          if (other == none) return;
          const MapColour c = pixels.at(x, y);
          if (label == none || distance(colours[other], c) < distance(colours[label], c)) {
            label = other;
          }
        });
        changed = changed || label != none;
      }
    }
  }
  for (size_t i = 0; i < labels.size(); ++i) {  // nothing was sure
    if (labels[i] == none) labels[i] = static_cast<uint8_t>(nearest(colours, pixels.at(i)));
  }
}

// Of a lossy map: where labels meet, each pixel takes the one that its colour, lightness above all,
// and its neighbours speak for (iterated conditional modes; Besag 1986).
void settle(const MapPixels& pixels, const std::vector<MapColour>& colours,
            std::vector<uint8_t>& labels) {
  constexpr double each_neighbour = 600, chroma_share = 0.3;  // of squared differences
  constexpr int most_rounds = 30;
  std::vector<MapColour> tones;
  for (const MapColour& c : colours) tones.push_back(tones_of(c));
  const Smear smear(pixels, colours);
  std::vector<int> count(colours.size());
  bool changed = true;
  for (int round = 0; changed && round < most_rounds; ++round) {
    changed = false;
    const std::vector<uint8_t> before = labels;
    for (int y = 0; y < pixels.height; ++y) {
      for (int x = 0; x < pixels.width; ++x) {
        const size_t at = pixels.index(x, y);
        std::fill(count.begin(), count.end(), 0);
        bool border = false;
        pixels.around(x, y, false, [&](int i, int j) {
          const uint8_t other = before[pixels.index(i, j)];
          ++count[other];
          border = border || other != before[at];
        });
        if (!border) continue;
        const MapColour tone = tones_of(pixels.at(at));
        const auto against = [&](size_t label) {
          double sum = -each_neighbour * count[label];
          for (size_t c = 0; c < 3; ++c) {
            const double off = tone[c] - tones[label][c];
            sum += (c == 0 ? 1 : chroma_share) * off * off;
          }
          return sum;
        };
        size_t best = before[at];
        double least = against(best);
        for (size_t label = 0; label < colours.size(); ++label) {
          if (count[label] == 0 || !smear.has_near(x, y, label) || against(label) >= least)
            continue;
          best = label;
          least = against(label);
        }
        changed = changed || best != labels[at];
        labels[at] = static_cast<uint8_t>(best);
      }
    }
  }
}

}  // namespace

Mask LabelMap::mask(size_t label) const {
  Mask mask{width, height, std::vector<uint8_t>(labels.size())};
  for (size_t i = 0; i < labels.size(); ++i) mask.values[i] = labels[i] == label ? 255 : 0;
  return mask;
}

LabelMap read_label_map(const Image& image, const std::string& name) {
  const MapPixels pixels(image);
  LabelMap map{pixels.width, pixels.height, map_colours(pixels, most_colours), {}};
  if (map.colours.size() > most_colours || (pixels.lossy && !is_drawn(pixels, map.colours))) {
    throw Error(ErrorCode::input, name + ": expected a map painted in at most " +
                                      std::to_string(most_colours) +
                                      " flat colours, found more than that");
  }
  map.labels = sure_labels(pixels, map.colours);
  grow(pixels, map.colours, map.labels);
  if (pixels.lossy) settle(pixels, map.colours, map.labels);
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
  std::vector<uint8_t> place(map.colours.size());
  std::vector<bool> taken(like.colours.size());
  for (size_t i = 0; i < map.colours.size(); ++i) {
    const size_t best = nearest(like.colours, map.colours[i]);
    const bool fits = distance(like.colours[best], map.colours[i]) <= same_label;
    if (!fits || taken[best]) {
      throw Error(ErrorCode::input, name + ": the colour " + hex_of(map.colours[i]) +
                                        " is not in " + like_name +
                                        ", which has to show how it is painted");
    }
    taken[best] = true;
    place[i] = static_cast<uint8_t>(best);
  }
  for (uint8_t& label : map.labels) label = place[label];
  map.colours = like.colours;
}

}  // namespace impasto
