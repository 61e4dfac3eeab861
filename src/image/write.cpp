#include <string>

#include "base/output_file.h"
#include "base/promise.h"
#include "image/embed.h"
#include "image/encode.h"
#include "image/xmp.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "impasto/output.h"

namespace impasto {

namespace {

/// The photograph's packet with the recipe. In a JPEG, which bounds it, the recipe matters more.
std::string packet_for(const Image& image, FileFormat format, const std::string& recipe,
                       const std::string& path) {
  std::string photo;
  if (const auto found = image.metadata.find("xmp"); found != image.metadata.end()) {
    photo.assign(found->second.begin(), found->second.end());
  }
  std::string packet = xmp::with_recipe(std::move(photo), recipe);
  if (format != FileFormat::jpeg || packet.size() <= embed::max_jpeg_xmp) return packet;
  packet = xmp::with_recipe("", recipe);
  if (packet.size() <= embed::max_jpeg_xmp) return packet;
  throw Error(ErrorCode::output, path + ": a JPEG holds a recipe of about 60,000 bytes, found " +
                                     std::to_string(recipe.size()));
}

}  // namespace

void write_image(const Image& image, const std::string& path, const WriteOptions& options) try {
  const FileFormat format = format_of(path);
  const std::string packet = packet_for(image, format, options.recipe, path);
  OutputFile file(path);
  encode_to(file, image, format, options, packet, path);
  file.replace_target();
} catch (...) {
  rethrow_as_error();
}

void check_writable(const std::string& path) try {
  check_output(path);
  const FileFormat format = format_of(path);
  if (needs_plugin(format)) encode(Image(16, 16), format, {}, "", path);
} catch (...) {
  rethrow_as_error();
}

std::vector<uint8_t> encode_png(const Image& image) try {
  return encode(image, FileFormat::png, {}, "", "a picture in memory");
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
