#pragma once

#include <memory>

#include "tensor/tensor.h"

namespace impasto {

/// What an optimiser moves, and how a picture comes of it. Linear, so its backward pass is its
/// transpose and needs no state.
class Unknown {
 public:
  virtual ~Unknown() = default;
  /// The flat vector that is optimised.
  const Tensor& values() const { return values_; }
  /// The picture, [1, h, w, 3] f32.
  virtual void render(const Tensor& values, const Tensor& picture) = 0;
  /// From a gradient with respect to the picture to one with respect to the values.
  virtual void pull_back(const Tensor& dpicture, const Tensor& dvalues) = 0;

  // Large pictures are rendered in the place of the values, and pulled back in that of their
  // gradient, which saves both pictures.
  /// Where in values, or in their gradient, a picture has its place.
  Tensor place_in(const Tensor& values) const { return values.slice(0, shape_); }
  /// Undoes render() into place_in(values), up to rounding.
  virtual void restore(const Tensor& values) = 0;

 protected:
  explicit Unknown(const Shape& picture) : shape_(picture) {}

  const Shape shape_;
  Tensor values_;
};

/// The picture's own pixels.
std::unique_ptr<Unknown> make_pixels_unknown(const Tensor& start);

/// A sum over some octaves in decorrelated colours: the same pictures can be reached, but one step
/// of the optimiser moves large shapes and small strokes alike, and luminance apart from chroma (as
/// in Mordvintsev et al. 2018, "Differentiable image parameterizations"). The finest octave begins
/// as `start`, the others at 0. One octave: the pixels, in decorrelated colours.
/// `joined`: opposite borders are neighbours.
std::unique_ptr<Unknown> make_pyramid_unknown(const Tensor& start, bool joined = false,
                                              int octaves = 5);
/// How many numbers that is.
int64_t pyramid_size(const Shape& picture, int octaves = 5);

}  // namespace impasto
