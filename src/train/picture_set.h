#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "impasto/progress.h"
#include "tensor/tensor.h"

namespace impasto {

/// How batches are cut out of training pictures.
struct CropOptions {
  double smallest = 0.5, largest = 2;  ///< source pixels per pixel of the crop
  double least_share = 0.4;            ///< of the picture's shorter side, whatever the scale
  bool bold_colours = false;           ///< also swap and rotate colours: palettes nobody painted
  double grey_share = 0;               ///< of the crops that lose their colours
};

/// Training pictures, decoded once and kept as bytes, handed out as random crops.
class PictureSet {
 public:
  /// Reads every picture below the folders; what is no picture is skipped. Pictures larger than
  /// `longest_side` are reduced to it. Throws Error{input} when a folder is missing or none is
  /// found.
  PictureSet(const std::vector<std::string>& folders, int longest_side, Progress&);

  size_t size() const { return pictures_.size(); }
  /// [count, crop, crop, 3] f32 RGB 0..1: random picture, place, scale, mirror, and gentle changes
  /// of colour and contrast.
  Tensor batch(Random&, int count, int crop, const CropOptions& = {}) const;
  /// Picture `index`, its middle `crop` x `crop` pixels (enlarged if it is smaller).
  Tensor middle(size_t index, int crop) const;

 private:
  struct Picture {
    int width, height;
    std::vector<uint8_t> rgb;
  };
  void cut(const Picture&, double x, double y, double side, bool mirror, int crop,
           float* out) const;

  std::vector<Picture> pictures_;
};

}  // namespace impasto
