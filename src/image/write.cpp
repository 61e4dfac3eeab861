#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/nameless_file.h"
#include "image/embed.h"
#include "image/encode.h"
#include "image/output_file.h"
#include "image/xmp.h"
#include "impasto/error.h"
#include "impasto/image.h"
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

void write_image(const Image& image, const std::string& path, const WriteOptions& options) {
  const FileFormat format = format_of(path);
  const std::string packet = packet_for(image, format, options.recipe, path);
  OutputFile file(path);
  encode_to(file, image, format, options, packet, path);
  file.replace_target();
}

static void copy(int from, int to, const std::string& name) {
  const auto fail = [&] {
    throw Error(ErrorCode::output, name + ": cannot be written: " + std::strerror(errno));
  };
  std::vector<char> piece(size_t{1} << 16);
  for (off_t place = 0;;) {
    const ssize_t count = pread(from, piece.data(), piece.size(), place);
    if (count < 0) fail();
    if (count == 0) return;
    place += count;
    for (ssize_t done = 0; done < count;) {
      const ssize_t written = write(to, piece.data() + done, static_cast<size_t>(count - done));
      if (written < 0 && errno != EINTR) fail();
      done += std::max<ssize_t>(written, 0);
    }
  }
}

void write_image(const Image& image, int descriptor, const std::string& name,
                 const WriteOptions& options) {
  const FileFormat format = format_of(name);
  const std::string packet = packet_for(image, format, options.recipe, name);
  std::string folder;
  const int nameless = open_nameless_file(folder);
  if (nameless < 0) {
    throw Error(ErrorCode::output, folder + ": " + name + " cannot be kept there: " +
                                       std::strerror(errno) + " (TMPDIR names another folder)");
  }
  OutputFile file(name, nameless);  // encoders go back in it
  encode_to(file, image, format, options, packet, name);
  copy(file.descriptor(), descriptor, name);
}

void check_writable(const std::string& path) {
  check_folder(path);
  check_format(path);
}

void check_format(const std::string& path) {
  const FileFormat format = format_of(path);
  if (needs_plugin(format)) encode(Image(16, 16), format, {}, "", path);
}

bool has_quality(const std::string& path) {
  const FileFormat format = format_of(path);
  return format != FileFormat::png && format != FileFormat::tiff;
}

std::vector<uint8_t> encode_png(const Image& image) {
  return encode(image, FileFormat::png, {}, "", "a picture in memory");
}

}  // namespace impasto
