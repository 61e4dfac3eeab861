#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "image/resolution.h"
#include "image/vips.h"

struct tiff;  // libtiff's own headers stay in .cpp files

namespace impasto::tiff_file {

/// A TIFF in memory that libtiff has opened, at its first picture. Its complaints become libvips'
/// errors.
class File {
 public:
  explicit File(std::span<const uint8_t> bytes);
  tiff* get() const { return handle_.get(); }  ///< null when it is none, or damaged
  std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  struct Close {
    void operator()(tiff* handle) const;
  };
  std::span<const uint8_t> bytes_;
  std::unique_ptr<tiff, Close> handle_;
};

/// How the samples of a TIFF's first picture lie, and what they mean.
struct Layout {
  enum class Kind { grey, rgb, palette, ink, lab, icc_lab, ycc, light };
  enum class Format { levels, signed_levels, real };

  Kind kind = Kind::grey;
  Format format = Format::levels;
  uint32_t width = 0, height = 0;
  int bits = 1, samples = 1;  ///< of a sample; of a pixel, alpha included
  bool planes = false, tiles = false, white_is_zero = false, premultiplied = false;
  std::string unsupported;  ///< what of it nobody here reads; "" for nothing

  int colours() const;  ///< samples in the file that make a colour
  /// Whether libvips takes it as it is meant (8.14 gives others back as they lie, or refuses).
  bool suits_vips() const;
};
Layout layout_of(const File&);

/// In pixels per inch.
Resolution resolution_of(const File&);

/// The picture, with the profile and packets that it carries, decoded as a whole when the first row
/// is asked for: levels of 8 or 16 bits, Lab as sRGB, floating-point numbers as linear light in
/// scRGB. For layouts that are not unsupported; `owner` keeps the bytes. Empty, with libvips' error
/// set, where it is damaged.
vips::Picture open(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner);

}  // namespace impasto::tiff_file
