#include <algorithm>

#include "base/input_file.h"
#include "base/promise.h"
#include "image/apart.h"
#include "image/pixel_sink.h"
#include "image/read_here.h"
#include "impasto/error.h"
#include "impasto/image.h"

namespace impasto {

void ImageSink::row(int y, const float* rgb, const float* alpha) {
  if (options_.cancelled && options_.cancelled()) {
    throw Error(ErrorCode::input, "reading was stopped");
  }
  image.write(0, y, image.width(), rgb);
  const size_t place = static_cast<size_t>(y) * static_cast<size_t>(image.width());
  if (!image.alpha.empty()) std::copy_n(alpha, image.width(), image.alpha.begin() + place);
}

PictureHeader read_header(const std::string& path, const ReadOptions& options) try {
  const InputFile file(path);
  return apart::is_running() ? apart::read_header(file, options) : read_header_here(file, options);
} catch (...) {
  rethrow_as_error();
}

Image read_image(const std::string& path, const ReadOptions& options) try {
  const InputFile file(path);
  ImageSink sink(options);
  PictureFacts facts = apart::is_running() ? apart::read_image(file, options, sink.image)
                                           : read_image_here(file, options, sink);
  Image& image = sink.image;
  const bool opaque =
      std::all_of(image.alpha.begin(), image.alpha.end(), [](float a) { return a == 1; });
  if (facts.alpha_may_be_added && opaque) image.alpha.clear();
  fill_hidden(image);
  image.note = std::move(facts.note);
  image.metadata = std::move(facts.metadata);
  return std::move(image);
} catch (...) {
  rethrow_as_error();
}

std::string read_recipe(const std::string& path) try {
  const InputFile file(path);
  return apart::is_running() ? apart::read_recipe(file) : read_recipe_here(file);
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
