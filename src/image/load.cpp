#include "image/load.h"

#include <unistd.h>
#include <vips/vips.h>

#include <memory>
#include <string>

#include "image/exr.h"
#include "image/mapped_file.h"
#include "image/qoi.h"
#include "image/tiff_compression.h"
#include "impasto/error.h"

namespace impasto {

namespace {

/// Where libvips wants a name.
std::string name_of(const InputFile& file) {
  return "/proc/self/fd/" + std::to_string(file.descriptor());
}

void require(const char* operation, const InputFile& file, const char* format) {
  if (vips_type_find("VipsOperation", operation) != 0) return;
  throw Error(ErrorCode::unsupported,
              file.path() + ": is " + format + ", which this libvips does not read");
}

struct UnrefSource {
  void operator()(VipsSource* source) const { g_object_unref(source); }
};

vips::Picture by_vips(const char* loader, const InputFile& file, const char* format) {
  require(loader, file, format);
  lseek(file.descriptor(), 0, SEEK_SET);
  const std::unique_ptr<VipsSource, UnrefSource> source(
      vips_source_new_from_descriptor(file.descriptor()));
  VipsImage* out = nullptr;
  if (!source || vips_call(loader, source.get(), &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                           VIPS_FAIL_ON_ERROR, nullptr) != 0) {
    return nullptr;
  }
  return vips::Picture(out);
}

/// By the one coder of ImageMagick that is named: what it would make of the file does not count.
vips::Picture by_magick(const char* coder, const InputFile& file, const char* format) {
  require("magickload", file, format);
  const std::string name = std::string(coder) + ":" + name_of(file);
  VipsImage* out = nullptr;
  if (vips_call("magickload", name.c_str(), &out, "access", VIPS_ACCESS_SEQUENTIAL, nullptr) != 0) {
    return nullptr;
  }
  return vips::Picture(out);
}

vips::Picture load_exr(const InputFile& file) {
  if (!exr::is_bounded(MappedFile(file.descriptor()).bytes())) {
    vips_error("openexrload", "its header is longer than the file");
    return nullptr;
  }
  require("openexrload", file, "OpenEXR");
  return exr::open(name_of(file));
}

vips::Picture load_tiff(const InputFile& file) {
  if (const char* compression = unsafe_compression(file)) {
    throw Error(ErrorCode::unsupported, file.path() + ": is TIFF with " + compression +
                                            " inside, whose decoder is not safe");
  }
  return by_vips("tiffload_source", file, "TIFF");
}

}  // namespace

vips::Picture load(const InputFile& file, PictureKind kind) {
  switch (kind) {
    case PictureKind::jpeg:
      return by_vips("jpegload_source", file, "JPEG");
    case PictureKind::png:
      return by_vips("pngload_source", file, "PNG");
    case PictureKind::webp:
      return by_vips("webpload_source", file, "WebP");
    case PictureKind::tiff:
      return load_tiff(file);
    case PictureKind::gif:
      return by_vips("gifload_source", file, "GIF");
    case PictureKind::heif:
      return by_vips("heifload_source", file, "HEIF");
    case PictureKind::jxl:
      return by_vips("jxlload_source", file, "JPEG XL");
    case PictureKind::exr:
      return load_exr(file);
    case PictureKind::pnm:
      return by_vips("ppmload_source", file, "PNM");
    case PictureKind::radiance:
      return by_vips("radload_source", file, "Radiance HDR");
    case PictureKind::svg:  // from a stream: it has no folder whose files it could name
      return by_vips("svgload_source", file, "SVG");
    case PictureKind::bmp:
      return by_magick("bmp", file, "BMP");
    case PictureKind::tga:
      return by_magick("tga", file, "TGA");
    case PictureKind::psd:
      return by_magick("psd", file, "PSD");
    case PictureKind::qoi:
      return qoi::open(file);
  }
  return nullptr;
}

}  // namespace impasto
