#include <unistd.h>

#include <span>
#include <string>
#include <vector>

#include "base/input_file.h"
#include "base/nameless_file.h"
#include "base/output_file.h"
#include "base/promise.h"
#include "image/embed.h"
#include "image/encode.h"
#include "image/xmp.h"
#include "impasto/error.h"
#include "impasto/image.h"
#include "impasto/output.h"
#include "impasto/streams.h"

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

// Encoders go back in what they have written, which pipes do not know.
void write_image(const Image& image, int descriptor, const std::string& name,
                 const std::string& format, const WriteOptions& options) try {
  const FileFormat known = format_of(name + "." + format);
  const std::string packet = packet_for(image, known, options.recipe, name);
  const NamelessFile nameless = open_nameless_file(name, ErrorCode::output);
  OutputFile file(nameless.descriptor, nameless.folder);
  encode_to(file, image, known, options, packet, name);
  const InputFile encoded(dup(nameless.descriptor), name);
  OutputFile stream(dup(descriptor), name);
  std::vector<uint8_t> piece(size_t{1} << 16);
  for (uint64_t place = 0; place < encoded.size(); place += piece.size()) {
    const size_t count = encoded.read(place, piece.size(), piece.data());
    stream.write(std::span(piece).first(count));
  }
} catch (...) {
  rethrow_as_error();
}

static void check_encoder(const std::string& path) {
  const FileFormat format = format_of(path);
  if (needs_plugin(format)) encode(Image(16, 16), format, {}, "", path);
}

void check_writable(const std::string& path) try {
  check_output(path);
  check_encoder(path);
} catch (...) {
  rethrow_as_error();
}

void check_format(const std::string& format) try {
  const std::string name = "picture." + format;
  try {
    check_encoder(name);
  } catch (const Error& e) {  // which begins with a name that nobody gave
    throw Error(ErrorCode::usage, "format" + std::string(e.what()).substr(name.size()));
  }
} catch (...) {
  rethrow_as_error();
}

bool has_quality(const std::string& path) try {
  const FileFormat format = format_of(path);
  return format != FileFormat::png && format != FileFormat::tiff;
} catch (...) {
  rethrow_as_error();
}

std::vector<uint8_t> encode_png(const Image& image) try {
  return encode(image, FileFormat::png, {}, "", "a picture in memory");
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
