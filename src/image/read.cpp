#include <sys/stat.h>
#include <unistd.h>
#include <vips/vips.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "base/missing.h"
#include "image/decode.h"
#include "image/exif.h"
#include "image/exr.h"
#include "image/iptc.h"
#include "image/vips.h"
#include "image/xmp.h"
#include "impasto/error.h"
#include "impasto/image.h"

namespace impasto {

namespace {

using vips::Picture;

struct UnrefSource {
  void operator()(VipsSource* source) const { g_object_unref(source); }
};
using Source = std::unique_ptr<VipsSource, UnrefSource>;

[[noreturn]] void fail(const std::string& path, const std::string& reason,
                       ErrorCode code = ErrorCode::input) {
  throw Error(code, path + ": " + reason);
}

Source open_file(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    fail(path, errno == ENOENT ? missing(path, "file") : std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) fail(path, "expected a picture, found a folder");
  if (!S_ISREG(status.st_mode)) fail(path, "expected an ordinary file");  // a pipe would block
  if (status.st_size == 0) fail(path, "expected a picture, found an empty file");
  if (access(path.c_str(), R_OK) != 0) fail(path, std::strerror(errno));
  Source source(vips_source_new_from_file(path.c_str()));
  if (!source) fail(path, "cannot be opened: " + vips::take_error());
  return source;
}

/// The loaders for pictures as cameras, scanners and painters make them. The others read tables,
/// microscopes' formats, or hand the file to programs that were not written for hostile input.
bool is_photo_loader(std::string_view loader) {
  for (const char* kind :
       {"Jpeg", "Png", "Webp", "Tiff", "Heif", "Jxl", "Jp2k", "Nsgif", "Svg", "Ppm", "Rad"}) {
    if (loader.starts_with(std::string("VipsForeignLoad") + kind)) return true;
  }
  return false;
}

/// A file whose header has been read; its pixels are decoded on demand, top to bottom.
struct Opened {
  std::string loader;
  Picture picture;
};

/// PFM and grey TIFF of floats hold light of 0..1, too, but libvips takes it for levels of 0..255.
Picture as_light(Picture picture, std::string_view loader) {
  const VipsBandFormat format = vips_image_get_format(picture.get());
  const VipsInterpretation space = vips_image_get_interpretation(picture.get());
  const int bands = vips_image_get_bands(picture.get());
  const bool levels = space == VIPS_INTERPRETATION_sRGB || space == VIPS_INTERPRETATION_B_W;
  if (!levels || (format != VIPS_FORMAT_FLOAT && format != VIPS_FORMAT_DOUBLE) || bands == 2 ||
      !(loader.starts_with("VipsForeignLoadPpm") || loader.starts_with("VipsForeignLoadTiff"))) {
    return picture;
  }
  VipsImage* out = nullptr;
  if (bands == 1) {
    VipsImage* alike[] = {picture.get(), picture.get(), picture.get()};
    if (vips_bandjoin(alike, &out, 3, nullptr) != 0) return nullptr;
    picture.reset(out);
  }
  if (vips_copy(picture.get(), &out, "interpretation", VIPS_INTERPRETATION_scRGB, nullptr) != 0) {
    return nullptr;
  }
  return Picture(out);
}

Opened open_picture(const std::string& path) {
  vips::start();
  const Source source = open_file(path);
  if (const uint8_t* magic = vips_source_sniff(source.get(), 4);
      magic != nullptr && exr::looks_like_exr({magic, 4})) {
    size_t size = 0;
    const void* data = vips_source_map(source.get(), &size);
    if (data == nullptr || !exr::is_bounded({static_cast<const uint8_t*>(data), size})) {
      vips_error_clear();
      fail(path, "is damaged: its header is longer than the file");
    }
    Picture picture = exr::open(path);
    if (!picture) fail(path, "is damaged: " + vips::take_error());
    return {"VipsForeignLoadOpenexr", std::move(picture)};
  }
  const char* loader = vips_foreign_find_load_source(source.get());
  if (loader == nullptr || !is_photo_loader(loader)) {
    vips_error_clear();
    fail(path, "is not a picture of a known format (JPEG, PNG, WebP, TIFF, HEIF, ...)");
  }
  Picture picture(vips_image_new_from_source(source.get(), "", "access", VIPS_ACCESS_SEQUENTIAL,
                                             "fail_on", VIPS_FAIL_ON_ERROR, nullptr));
  if (picture) picture = as_light(std::move(picture), loader);
  if (!picture) fail(path, "is damaged: " + vips::take_error());
  return {loader, std::move(picture)};
}

bool loaded_by(const Opened& file, const char* kind) {
  return file.loader.starts_with(std::string("VipsForeignLoad") + kind);
}

/// What is said of several pictures in one file, of which the first is read. Other formats count
/// something else as pages, such as reduced sizes, or mark one picture as the main one.
std::string note_on_pages(const Opened& file) {
  const bool paper = loaded_by(file, "Tiff");
  const bool film = loaded_by(file, "Nsgif") || loaded_by(file, "Webp") || loaded_by(file, "Jxl");
  const bool counted = vips_image_get_typeof(file.picture.get(), VIPS_META_N_PAGES) != 0;
  int count = 1;
  if (!counted || (!paper && !film)) return "";
  vips_image_get_int(file.picture.get(), VIPS_META_N_PAGES, &count);
  if (count < 2) return "";
  const std::string number = std::to_string(count);
  return paper ? "has " + number + " pages; this is the first"
               : "is animated (" + number + " frames); this is the first";
}

/// Of scenes' light, which has no upper end.
std::string note_on_light(const Opened& file) {
  const bool light =
      vips_image_get_interpretation(file.picture.get()) == VIPS_INTERPRETATION_scRGB ||
      vips_image_get_coding(file.picture.get()) == VIPS_CODING_RAD;
  return light ? "holds linear light; what is brighter than white becomes white" : "";
}

std::string note_on(const Opened& file, const std::string& path) {
  const std::string pages = note_on_pages(file), light = note_on_light(file);
  if (pages.empty() && light.empty()) return "";
  return path + ": " + pages + (pages.empty() || light.empty() ? "" : "; ") + light;
}

void check(const Opened& file, const std::string& path, const ReadOptions& options) {
  const int width = vips_image_get_width(file.picture.get());
  const int height = vips_image_get_height(file.picture.get());
  if (static_cast<int64_t>(width) * height > options.max_pixels) {
    fail(path, "is " + std::to_string(width) + "x" + std::to_string(height) +
                   " pixels, expected at most " + std::to_string(options.max_pixels) + " in all");
  }
}

std::vector<uint8_t> blob(const Picture& picture, const char* field) {
  const void* data = nullptr;
  size_t size = 0;
  if (vips_image_get_typeof(picture.get(), field) == 0) return {};
  if (vips_image_get_blob(picture.get(), field, &data, &size) != 0) {
    vips_error_clear();
    return {};
  }
  const auto* begin = static_cast<const uint8_t*>(data);
  return {begin, begin + size};
}

std::vector<uint8_t> exif_of(const Opened& file, const std::string& path) {
  if (!loaded_by(file, "Tiff")) {
    return exif::normalised(blob(file.picture, VIPS_META_EXIF_NAME));
  }
  const Source source = open_file(path);  // libvips does not read the EXIF fields of TIFF
  size_t size = 0;
  const void* data = vips_source_map(source.get(), &size);
  if (data == nullptr) {
    vips_error_clear();
    return {};
  }
  return exif::normalised(exif::from_tiff({static_cast<const uint8_t*>(data), size}));
}

void read_metadata(const Opened& file, const std::string& path, Image& image) {
  const auto keep = [&](const char* key, std::vector<uint8_t> value) {
    if (!value.empty()) image.metadata[key] = std::move(value);
  };
  const std::vector<uint8_t> xmp_packet = blob(file.picture, VIPS_META_XMP_NAME);
  const std::string packet = xmp::upright({xmp_packet.begin(), xmp_packet.end()});
  keep("icc", blob(file.picture, VIPS_META_ICC_NAME));
  keep("exif", exif_of(file, path));
  keep("xmp", {packet.begin(), packet.end()});
  keep("iptc", iptc::records_in(blob(file.picture, VIPS_META_IPTC_NAME)));
}

/// What libvips, or the library behind it, keeps of a file while it is decoded.
size_t decoding_bytes(const Opened& file) {
  VipsImage* picture = file.picture.get();
  const auto is_set = [&](const char* field) {
    int value = 0;
    return vips_image_get_typeof(picture, field) != 0 &&
           vips_image_get_int(picture, field, &value) == 0 && value != 0;
  };
  const auto whole = static_cast<size_t>(VIPS_IMAGE_SIZEOF_IMAGE(picture));
  size_t bytes = 0;
  if (is_set("jpeg-multiscan")) bytes += 2 * whole;  // coefficients of 16 bits
  if (is_set("interlaced")) bytes += whole;
  for (const char* kind : {"Heif", "Webp", "Jxl", "Jp2k", "Nsgif", "Svg"}) {
    if (loaded_by(file, kind)) bytes += 2 * whole;
  }
  if (vips_image_get_orientation(picture) > 1) bytes += whole;  // it is turned in memory
  return bytes;
}

}  // namespace

PictureHeader read_header(const std::string& path, const ReadOptions& options) {
  const Opened file = open_picture(path);
  check(file, path, options);
  PictureHeader header{outline_of(file.picture, path, options), decoding_bytes(file)};
  header.outline.note = note_on(file, path);
  return header;
}

Image read_image(const std::string& path, const ReadOptions& options) {
  const Opened file = open_picture(path);
  check(file, path, options);
  Image image = decode(file.picture, path, options);
  read_metadata(file, path, image);
  image.note = note_on(file, path);
  const bool opaque =
      std::all_of(image.alpha.begin(), image.alpha.end(), [](float a) { return a == 1; });
  if (loaded_by(file, "Openexr") && opaque)
    image.alpha.clear();  // libvips adds it where there is none
  return image;
}

std::string read_recipe(const std::string& path) {
  const std::vector<uint8_t> packet = blob(open_picture(path).picture, VIPS_META_XMP_NAME);
  return xmp::recipe_in({reinterpret_cast<const char*>(packet.data()), packet.size()});
}

}  // namespace impasto
