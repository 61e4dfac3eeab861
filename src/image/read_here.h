#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/input_file.h"
#include "image/pixel_sink.h"
#include "impasto/image.h"

namespace impasto {

/// What is known of a picture beside its header and pixels.
struct PictureFacts {
  std::string note;
  std::map<std::string, std::vector<uint8_t>> metadata;
  bool alpha_may_be_added = false;  ///< where all of it is opaque, the file has none
};

// What read_header(), read_image() and read_recipe() do, in this process. Pixels go to `sink`,
// those that alpha hides as they are. They throw what those throw.
PictureHeader read_header_here(const InputFile&, const ReadOptions&);
PictureFacts read_image_here(const InputFile&, const ReadOptions&, PixelSink& sink);
std::string read_recipe_here(const InputFile&);

}  // namespace impasto
