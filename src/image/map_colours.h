#pragma once

#include <cstdint>
#include <vector>

#include "image/map_pixels.h"

namespace impasto {

/// Lightness and two chroma axes of a colour, as JPEG has them (ITU-R T.871); the axes around 0.
MapColour tones_of(const MapColour&);

/// What lossy files make of the edges between labels: JPEG keeps colour in blocks of 16 pixels, so
/// that beside an edge lie colours between those of its sides, and somewhat beyond.
class Smear {
 public:
  /// `colours`: of the labels, at most 64.
  Smear(const MapPixels&, const std::vector<MapColour>& colours);
  void add(const MapColour&);  ///< of one more label
  /// Whether a pixel can be that of labels nearby, other than `label` (-1: any of them): as light
  /// as one of them, or on an edge in between.
  bool explains(int x, int y, bool edge, int label = -1) const;
  /// Whether a label's own colour is within a block or two.
  bool has_near(int x, int y, size_t label) const { return near_[cell_of(x, y)] >> label & 1; }

 private:
  size_t cell_of(int x, int y) const;

  const MapPixels& pixels_;
  std::vector<MapColour> tones_;  // lightness and two chroma axes of the labels
  int across_, down_;
  std::vector<uint64_t> near_;  // of each cell, the labels there and in those around it
};

/// The colours of a map's flat places, the most frequent first; of a lossy file without those that
/// smear explains. Colours closer than 40 are one. More than `most` of them are `most` + 1.
std::vector<MapColour> map_colours(const MapPixels&, size_t most);

/// Two colours that are not one, and a pixel in a label's own colour.
constexpr double distinct_colours = 40, pure_colour = 12;

}  // namespace impasto
