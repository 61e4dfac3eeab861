#pragma once

#include "impasto/image.h"

namespace impasto {

/// Where the pixels of a picture go while it is decoded.
class PixelSink {
 public:
  virtual ~PixelSink() = default;
  /// Once, before the first row: what the picture is like.
  virtual void begin(const PictureHeader&) = 0;
  /// The rows from the top, each whole: RGB, and alpha 0..1 where it has that.
  virtual void row(int y, const float* rgb, const float* alpha) = 0;
};

/// A picture, as its header says.
class ImageSink final : public PixelSink {
 public:
  /// `options.cancelled` is asked for every row.
  explicit ImageSink(const ReadOptions& options) : options_(options) {}

  void begin(const PictureHeader& header) override { image = Image(header); }
  void row(int y, const float* rgb, const float* alpha) override;

  Image image;

 private:
  const ReadOptions& options_;
};

}  // namespace impasto
