#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "image/tiff_file.h"

namespace impasto::tiff_file {

/// Number i of a row of samples as they lie in a piece of a file: 0..1, or a real number, or the
/// index of a palette's colour. Signed levels below 0 are taken for black.
float sample(const uint8_t* row, size_t i, const Layout&);

/// The way from a file's samples to a picture's colours.
class Meaning {
 public:
  Meaning(tiff*, const Layout&);

  /// `from` has layout.samples numbers a pixel, `to` as many as `bands`: out_colours(), and alpha,
  /// by which colours are divided that were multiplied with it.
  void row(const float* from, int bands, float* to) const;
  int out_colours() const;

 private:
  struct Delete {
    void operator()(void* transform) const;
  };
  void colour(const float* from, float* to) const;
  void lab(const float* from, float* to) const;
  void light(const float* from, float* to) const;

  const Layout layout_;
  std::array<double, 3> white_{};  ///< XYZ of Lab's, where that is not D50
  std::vector<uint16_t> palette_;
  std::unique_ptr<void, Delete> to_srgb_;
};

}  // namespace impasto::tiff_file
