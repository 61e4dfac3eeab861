#include <vips/vips.h>

#include <algorithm>
#include <memory>
#include <string>

#include "image/complete.h"
#include "image/decode.h"
#include "image/iptc.h"
#include "image/load.h"
#include "image/mapped_file.h"
#include "image/read_here.h"
#include "image/vips.h"
#include "image/xmp.h"
#include "impasto/error.h"
#include "impasto/image.h"

namespace impasto {

namespace {

using vips::Picture;

[[noreturn]] void fail(const std::string& path, const std::string& reason,
                       ErrorCode code = ErrorCode::input) {
  throw Error(code, path + ": " + reason);
}

/// A file whose header has been read; its pixels are decoded on demand, top to bottom.
struct Opened {
  const InputFile& file;
  PictureKind kind;
  Picture picture;
  std::string note;  ///< on how it is taken
};

/// Grey TIFF of real numbers holds light of 0..1, too, but libvips takes it for levels of 0..255.
Picture as_light(Picture picture, PictureKind kind) {
  if (kind != PictureKind::tiff || vips_image_get_bands(picture.get()) != 1 ||
      vips_image_get_format(picture.get()) != VIPS_FORMAT_FLOAT) {
    return picture;
  }
  VipsImage* alike[] = {picture.get(), picture.get(), picture.get()};
  VipsImage* out = nullptr;
  if (vips_bandjoin(alike, &out, 3, nullptr) != 0) return nullptr;
  picture.reset(out);
  if (vips_copy(picture.get(), &out, "interpretation", VIPS_INTERPRETATION_scRGB, nullptr) != 0) {
    return nullptr;
  }
  return Picture(out);
}

Opened open_picture(const InputFile& file) {
  vips::start();
  const std::string& path = file.path();
  const Recognised found = recognise(file);
  if (!found.kind) {
    fail(path,
         "is " + std::string(found.unsupported ? "" : "not a picture but ") + found.instead +
             "; expected " + readable_kinds,
         found.unsupported ? ErrorCode::unsupported : ErrorCode::input);
  }
  Picture picture = load(file, *found.kind);
  if (picture) picture = as_light(std::move(picture), *found.kind);
  if (!picture) fail(path, "is damaged: " + vips::take_error());
  // A copy: loaders set the metadata of theirs again when the first row is asked for.
  VipsImage* copy = nullptr;
  if (vips_copy(picture.get(), &copy, nullptr) != 0) fail(path, vips::take_error());
  picture.reset(copy);
  std::string note = complete(picture.get(), *found.kind, MappedFile(file.descriptor()).bytes());
  return {file, *found.kind, std::move(picture), std::move(note)};
}

/// What is said of several pictures in one file, of which the first is read. Other formats count
/// something else as pages, such as reduced sizes, or mark one picture as the main one.
std::string note_on_pages(const Opened& file) {
  const bool paper = file.kind == PictureKind::tiff;
  const bool film = file.kind == PictureKind::gif || file.kind == PictureKind::webp ||
                    file.kind == PictureKind::jxl;
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

std::string note_on(const Opened& file) {
  std::string all;
  for (const std::string& note : {note_on_pages(file), note_on_light(file), file.note}) {
    if (!note.empty()) all += (all.empty() ? file.file.path() + ": " : "; ") + note;
  }
  return all;
}

void check(const Opened& file, const ReadOptions& options) {
  const int width = vips_image_get_width(file.picture.get());
  const int height = vips_image_get_height(file.picture.get());
  if (static_cast<int64_t>(width) * height > options.max_pixels) {
    fail(file.file.path(), "is " + std::to_string(width) + "x" + std::to_string(height) +
                               " pixels, expected at most " + std::to_string(options.max_pixels) +
                               " in all");
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

std::map<std::string, std::vector<uint8_t>> metadata_of(const Opened& file) {
  std::map<std::string, std::vector<uint8_t>> metadata;
  const auto keep = [&](const char* key, std::vector<uint8_t> value) {
    if (!value.empty()) metadata[key] = std::move(value);
  };
  const std::vector<uint8_t> xmp_packet = blob(file.picture, VIPS_META_XMP_NAME);
  const std::string packet = xmp::upright({xmp_packet.begin(), xmp_packet.end()});
  if (!has_made_profile(file.picture.get())) keep("icc", blob(file.picture, VIPS_META_ICC_NAME));
  keep("exif", blob(file.picture, VIPS_META_EXIF_NAME));
  keep("xmp", {packet.begin(), packet.end()});
  keep("iptc", iptc::records_in(blob(file.picture, VIPS_META_IPTC_NAME)));
  return metadata;
}

bool is_decoded_whole(PictureKind kind) {
  switch (kind) {
    case PictureKind::heif:
    case PictureKind::webp:
    case PictureKind::jxl:
    case PictureKind::gif:
    case PictureKind::svg:
    case PictureKind::bmp:
    case PictureKind::tga:
    case PictureKind::psd:
    case PictureKind::qoi:
      return true;
    default:
      return false;
  }
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
  if (is_set("jpeg-multiscan")) {  // coefficients of 16 bits; of half the samples in 4:2:0
    const char* subsampling = "";
    vips_image_get_string(picture, "jpeg-chroma-subsample", &subsampling);
    bytes += subsampling == std::string("4:2:0") ? whole : 2 * whole;
  } else if (is_set("interlaced")) {
    bytes += whole;
  }
  if (is_set(vips::decoded_at_once)) bytes += 5 * whole;  // a strip may hold all, as floats, too
  if (is_decoded_whole(file.kind)) bytes += 2 * whole;
  if (vips_image_get_orientation(picture) > 1) bytes += whole;  // it is turned in memory
  return bytes;
}

}  // namespace

PictureHeader read_header_here(const InputFile& input, const ReadOptions& options) {
  const Opened file = open_picture(input);
  check(file, options);
  PictureHeader header = header_of(file.picture, input.path(), options);
  header.decoding_bytes = decoding_bytes(file);
  header.note = note_on(file);
  return header;
}

PictureFacts read_image_here(const InputFile& input, const ReadOptions& options, PixelSink& sink) {
  const Opened file = open_picture(input);
  check(file, options);
  decode(file.picture, input.path(), options, sink);
  // libvips adds alpha to OpenEXR where there is none.
  return {note_on(file), metadata_of(file), file.kind == PictureKind::exr};
}

std::string read_recipe_here(const InputFile& input) {
  const std::vector<uint8_t> packet = blob(open_picture(input).picture, VIPS_META_XMP_NAME);
  return xmp::recipe_in({reinterpret_cast<const char*>(packet.data()), packet.size()});
}

}  // namespace impasto
