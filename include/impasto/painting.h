#pragma once

#include <memory>
#include <string>
#include <utility>

#include "impasto/image.h"

namespace impasto {

struct SavedStyle;

/// A picture whose style others get.
class Painting : public Image {
 public:
  Painting() = default;
  Painting(Image image) : Image(std::move(image)) {}

  /// Of one that read_painting() found in a style file: what was learned of it, which stands for
  /// it; the pixels are only a small preview then.
  std::shared_ptr<const SavedStyle> learned;
};

/// Told apart from others as a SharedImage is.
using SharedPainting = std::shared_ptr<const Painting>;

/// A painting without its pixels, for planning.
struct PaintingHeader : PictureHeader {
  PaintingHeader(const PictureHeader& header) : PictureHeader(header) {}
  PaintingHeader(const Image& image) : PictureHeader(image) {}
  PaintingHeader(const Painting& painting) : PictureHeader(painting), learned(painting.learned) {}

  std::shared_ptr<const SavedStyle> learned;  ///< as Painting::learned
};

/// A painting for stylize(): a picture as read_image() reads it, or a style file, told apart by
/// their content. Throws what read_image() throws; Error{input} for a style file that is damaged or
/// too new.
Painting read_painting(const std::string& path, const ReadOptions& = {});
/// The same without the pixels of a picture, as read_header(); a style file is read.
PaintingHeader read_painting_header(const std::string& path, const ReadOptions& = {});

}  // namespace impasto
