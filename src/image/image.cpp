#include "impasto/image.h"

#include <algorithm>
#include <new>
#include <string>

#include "impasto/error.h"

namespace impasto {

Image::Image(int width, int height) : width_(width), height_(height) {
  const std::string size = std::to_string(width) + "x" + std::to_string(height);
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::internal, "a picture of " + size + " pixels: expected at least 1x1");
  }
  try {
    pixels_.resize(static_cast<size_t>(width) * height * 3);
  } catch (const std::exception&) {  // bad_alloc or length_error
    throw Error(ErrorCode::memory, "no memory for a picture of " + size + " pixels");
  }
}

Size scaled_to(const Image& image, int longer_side) {
  if (image.empty() || longer_side < 1) {
    throw Error(ErrorCode::usage,
                "size " + std::to_string(longer_side) +
                    ": expected at least 1 pixel, of a picture that is not empty");
  }
  const int64_t longer = std::max(image.width(), image.height());
  const auto scaled = [&](int64_t side) {
    return static_cast<int>(std::max<int64_t>(1, (2 * side * longer_side + longer) / (2 * longer)));
  };
  return {scaled(image.width()), scaled(image.height())};
}

}  // namespace impasto
