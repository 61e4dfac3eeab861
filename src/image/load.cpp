#include "image/load.h"

#include <unistd.h>
#include <vips/vips.h>

#include <memory>
#include <string>
#include <vector>

#include "image/exr.h"
#include "image/jpeg_end.h"
#include "image/mapped_file.h"
#include "image/pnm.h"
#include "image/qoi.h"
#include "image/tiff_compression.h"
#include "image/tiff_file.h"
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

using Source = std::unique_ptr<VipsSource, UnrefSource>;

Source source_of(const InputFile& file) {
  lseek(file.descriptor(), 0, SEEK_SET);
  return Source(vips_source_new_from_descriptor(file.descriptor()));
}

vips::Picture by_vips(const char* loader, const InputFile& file, const char* format) {
  require(loader, file, format);
  const Source source = source_of(file);
  VipsImage* out = nullptr;
  if (!source || vips_call(loader, source.get(), &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                           VIPS_FAIL_ON_ERROR, nullptr) != 0) {
    return nullptr;
  }
  return vips::Picture(out);
}

/// libheif takes sides beyond 16,384 pixels for an attack; how many pixels there may be in all, and
/// how much memory, is decided elsewhere.
vips::Picture load_heif(const InputFile& file) {
  if (vips::Picture picture = by_vips("heifload_source", file, "HEIF")) return picture;
  const std::string reason = vips::take_error();
  const Source source = source_of(file);
  VipsImage* out = nullptr;
  if (source && vips_call("heifload_source", source.get(), &out, "access", VIPS_ACCESS_SEQUENTIAL,
                          "fail_on", VIPS_FAIL_ON_ERROR, "unlimited", TRUE, nullptr) == 0) {
    return vips::Picture(out);
  }
  vips_error_clear();
  vips_error("heifload", "%s", reason.c_str());
  return nullptr;
}

/// A file that lacks its end marker, and nothing else, is read with one.
vips::Picture load_jpeg(const InputFile& file) {
  const MappedFile mapped(file.descriptor());
  if (!jpeg::lacks_end(mapped.bytes())) return by_vips("jpegload_source", file, "JPEG");
  require("jpegload_source", file, "JPEG");
  auto ended = std::make_unique<std::vector<uint8_t>>(jpeg::with_end(mapped.bytes()));
  VipsImage* out = nullptr;
  if (ended->empty()) {
    vips_error("jpegload", "it breaks off");
    return nullptr;
  }
  const Source source(vips_source_new_from_memory(ended->data(), ended->size()));
  if (!source || vips_call("jpegload_source", source.get(), &out, "access", VIPS_ACCESS_SEQUENTIAL,
                           "fail_on", VIPS_FAIL_ON_ERROR, nullptr) != 0) {
    return nullptr;
  }
  const auto free_bytes = [](VipsImage*, void* bytes) {
    delete static_cast<std::vector<uint8_t>*>(bytes);
  };
  g_signal_connect(out, "postclose", G_CALLBACK(+free_bytes), ended.release());
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
  const auto mapped = std::make_shared<const MappedFile>(file.descriptor());
  const tiff_file::File opened(mapped->bytes());
  if (!opened.get()) return nullptr;
  const tiff_file::Layout layout = tiff_file::layout_of(opened);
  if (!layout.unsupported.empty()) {
    throw Error(ErrorCode::unsupported, file.path() + ": is TIFF with " + layout.unsupported +
                                            ", which impasto does not read");
  }
  return layout.suits_vips() ? by_vips("tiffload_source", file, "TIFF")
                             : tiff_file::open(mapped->bytes(), mapped);
}

vips::Picture load_pnm(const InputFile& file) {
  const auto mapped = std::make_shared<const MappedFile>(file.descriptor());
  return pnm::open(mapped->bytes(), mapped);
}

}  // namespace

vips::Picture load(const InputFile& file, PictureKind kind) {
  switch (kind) {
    case PictureKind::jpeg:
      return load_jpeg(file);
    case PictureKind::png:
      return by_vips("pngload_source", file, "PNG");
    case PictureKind::webp:
      return by_vips("webpload_source", file, "WebP");
    case PictureKind::tiff:
      return load_tiff(file);
    case PictureKind::gif:
      return by_vips("gifload_source", file, "GIF");
    case PictureKind::heif:
      return load_heif(file);
    case PictureKind::jxl:
      return by_vips("jxlload_source", file, "JPEG XL");
    case PictureKind::exr:
      return load_exr(file);
    case PictureKind::pnm:
      return load_pnm(file);
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
