#pragma once

#include <memory>
#include <mutex>

#include "image/vips.h"

namespace impasto::vips {

/// Pixels that a reader of our own has for libvips, which asks for them from any thread.
class PixelSource {
 public:
  /// `format` is what libvips' errors are called by, and stays.
  explicit PixelSource(const char* format) : format_(format) {}
  virtual ~PixelSource() = default;
  const char* format() const { return format_; }
  /// Called once, before the first row. False, with libvips' error set, where there is none; what
  /// it throws becomes libvips' error, and it is called again when a row is asked for again.
  virtual bool begin() = 0;
  /// Writes `width` pixels of row y, from column `left` on, as the picture holds them.
  virtual void row(int y, int left, int width, void* to) const = 0;

  /// Prepares what the rows are asked of.
  bool is_begun();

 private:
  const char* format_;
  std::once_flag begun_;
  bool whole_ = false;
};

/// A picture of whose fields all are set (vips_image_init_fields), with these pixels; it keeps the
/// source. Null, with libvips' error set, when that fails.
Picture with_pixels(Picture picture, std::unique_ptr<PixelSource> source);

}  // namespace impasto::vips
