#include "image/encode.h"

#include <vips/vips.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/parallel.h"
#include "image/embed.h"
#include "image/exif.h"
#include "image/vips.h"
#include "impasto/error.h"

namespace impasto {

namespace {

using Bytes = std::vector<uint8_t>;

struct FormatInfo {
  FileFormat format;
  const char* name;
  const char* saver;  ///< of libvips
  int max_side;       ///< pixels; 0: no limit that matters
  std::vector<const char*> extensions;
};

const FormatInfo formats[] = {
    {FileFormat::jpeg, "JPEG", "jpegsave_buffer", 65'500, {".jpg", ".jpeg"}},
    {FileFormat::png, "PNG", "pngsave_buffer", 0, {".png"}},
    {FileFormat::webp, "WebP", "webpsave_buffer", 16'383, {".webp"}},
    {FileFormat::tiff, "TIFF", "tiffsave_buffer", 0, {".tif", ".tiff"}},
    {FileFormat::avif, "AVIF", "heifsave_buffer", 16'384, {".avif"}},
    {FileFormat::heif, "HEIF", "heifsave_buffer", 16'384, {".heic", ".heif"}},
    {FileFormat::jxl, "JPEG XL", "jxlsave_buffer", 0, {".jxl"}},
};

const FormatInfo& info_of(FileFormat format) {
  return formats[static_cast<size_t>(format)];
}

bool can_write(const FormatInfo& info) {
  return vips_type_find("VipsOperation", info.saver) != 0;
}

uint8_t to_byte(float value) {  // not a number becomes black
  return value >= 1 ? 255 : value > 0 ? static_cast<uint8_t>(value * 255.0f + 0.5f) : 0;
}

/// Interleaved RGB or, when `bands` is 4, RGBA. Without room for alpha it goes over white.
Bytes to_bytes(const Image& image, int bands) {
  const int64_t count = static_cast<int64_t>(image.width()) * image.height();
  const bool flatten = bands == 3 && !image.alpha.empty();
  Bytes result(static_cast<size_t>(count) * bands);
  parallel_for(count, 1 << 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const float* from = image.data() + 3 * i;
      uint8_t* to = result.data() + bands * i;
      for (int c = 0; c < 3; ++c) {
        to[c] =
            to_byte(flatten ? 1 + (std::clamp(from[c], 0.0f, 1.0f) - 1) * image.alpha[i] : from[c]);
      }
      if (bands == 4) to[3] = to_byte(image.alpha[i]);
    }
  });
  return result;
}

/// Copies an EXIF block into the fields from which libvips' own savers compose one.
void attach_exif(VipsImage* image, const Bytes& block) {
  // There is no call for it, but the JPEG loader does it, so let it read a picture of one pixel.
  Bytes carrier = encode(Image(1, 1), FileFormat::jpeg, 50, "", "EXIF");
  embed::into_jpeg(carrier, {{}, block, {}});
  VipsImage* parsed = nullptr;
  if (vips_jpegload_buffer(carrier.data(), carrier.size(), &parsed, nullptr) != 0) {
    vips_error_clear();  // an unreadable block is not worth losing the picture
    return;
  }
  const vips::Picture owner(parsed);
  const auto copy = [](VipsImage*, const char* field, GValue* value, void* target) -> void* {
    if (std::string_view(field).starts_with("exif-")) {
      vips_image_set(static_cast<VipsImage*>(target), field, value);
    }
    return nullptr;
  };
  vips_image_map(parsed, copy, image);
}

/// The profile that libvips keeps for sRGB.
Bytes srgb_profile() {
  VipsBlob* blob = nullptr;
  if (vips_profile_load("srgb", &blob, nullptr) != 0 || blob == nullptr) {
    vips_error_clear();
    return {};  // untagged pixels are taken for sRGB
  }
  size_t size = 0;
  const auto* data = static_cast<const uint8_t*>(vips_blob_get(blob, &size));
  const Bytes result(data, data + size);
  vips_area_unref(VIPS_AREA(blob));
  return result;
}

int save(VipsImage* image, FileFormat format, int quality, void** data, size_t* size) {
  switch (format) {
    case FileFormat::jpeg:
      return vips_jpegsave_buffer(image, data, size, "Q", quality, "optimize_coding", TRUE, "strip",
                                  TRUE, nullptr);
    case FileFormat::png:
      return vips_pngsave_buffer(image, data, size, "strip", TRUE, nullptr);
    case FileFormat::webp:
      return vips_webpsave_buffer(image, data, size, "Q", quality, "smart_subsample", TRUE, "strip",
                                  TRUE, nullptr);
    case FileFormat::tiff:
      return vips_tiffsave_buffer(image, data, size, "compression",
                                  VIPS_FOREIGN_TIFF_COMPRESSION_LZW, "predictor",
                                  VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "bigtiff",
                                  VIPS_IMAGE_SIZEOF_IMAGE(image) > 3'900'000'000u, "resunit",
                                  VIPS_FOREIGN_TIFF_RESUNIT_INCH, nullptr);
    case FileFormat::avif:
    case FileFormat::heif:
      return vips_heifsave_buffer(image, data, size, "Q", quality, "compression",
                                  format == FileFormat::avif ? VIPS_FOREIGN_HEIF_COMPRESSION_AV1
                                                             : VIPS_FOREIGN_HEIF_COMPRESSION_HEVC,
                                  nullptr);
    case FileFormat::jxl:
      return vips_jxlsave_buffer(image, data, size, "Q", quality, nullptr);
  }
  return -1;
}

}  // namespace

bool needs_plugin(FileFormat format) {
  return format == FileFormat::avif || format == FileFormat::heif || format == FileFormat::jxl;
}

FileFormat format_of(const std::string& path) {
  vips::start();
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string known;
  for (const FormatInfo& info : formats) {
    if (!can_write(info)) continue;
    for (const char* candidate : info.extensions) {
      if (extension == candidate) return info.format;
      known += std::string(known.empty() ? "" : " ") + candidate;
    }
  }
  throw Error(ErrorCode::output, path + ": expected a picture's extension (" + known + "), found " +
                                     (extension.empty() ? "none" : "'" + extension + "'"));
}

std::vector<uint8_t> encode(const Image& image, FileFormat format, int quality,
                            const std::string& xmp, const std::string& name) {
  vips::start();
  const FormatInfo& info = info_of(format);
  if (image.empty()) throw Error(ErrorCode::output, name + ": an empty picture cannot be written");
  if (!image.alpha.empty() &&
      image.alpha.size() != static_cast<size_t>(image.width()) * image.height()) {
    throw Error(ErrorCode::internal, name + ": the alpha plane has another size than the picture");
  }
  if (info.max_side > 0 && std::max(image.width(), image.height()) > info.max_side) {
    throw Error(ErrorCode::output, name + ": " + info.name + " holds at most " +
                                       std::to_string(info.max_side) + " pixels a side, found " +
                                       std::to_string(image.width()) + "x" +
                                       std::to_string(image.height()));
  }
  const int bands = image.alpha.empty() || format == FileFormat::jpeg ? 3 : 4;
  const Bytes pixels = to_bytes(image, bands);
  const vips::Picture raw(vips_image_new_from_memory(pixels.data(), pixels.size(), image.width(),
                                                     image.height(), bands, VIPS_FORMAT_UCHAR));
  constexpr double pixels_per_mm = 72 / 25.4;
  VipsImage* marked = nullptr;
  if (!raw || vips_copy(raw.get(), &marked, "interpretation", VIPS_INTERPRETATION_sRGB, "xres",
                        pixels_per_mm, "yres", pixels_per_mm, nullptr) != 0) {
    throw Error(ErrorCode::output, name + ": cannot be encoded: " + vips::take_error());
  }
  const vips::Picture picture(marked);

  Bytes icc, exif;
  if (image.metadata.contains("icc")) icc = srgb_profile();
  if (const auto found = image.metadata.find("exif"); found != image.metadata.end()) {
    exif = found->second;
    exif::set_size(exif, image.width(), image.height());
  }
  const bool composed_by_vips = needs_plugin(format);
  if (composed_by_vips || format == FileFormat::tiff) {
    const auto attach = [&](const char* field, const auto& value) {
      if (!value.empty()) vips_image_set_blob_copy(marked, field, value.data(), value.size());
    };
    attach(VIPS_META_ICC_NAME, icc);
    attach(VIPS_META_XMP_NAME, xmp);
  }
  if (composed_by_vips && !exif.empty()) attach_exif(marked, exif);

  void* data = nullptr;
  size_t size = 0;
  if (save(marked, format, std::clamp(quality, 1, 100), &data, &size) != 0) {
    throw Error(ErrorCode::output,
                name + ": cannot be encoded as " + info.name + ": " + vips::take_error());
  }
  const std::unique_ptr<void, decltype(&g_free)> owner(data, g_free);
  Bytes file(static_cast<uint8_t*>(data), static_cast<uint8_t*>(data) + size);
  const embed::Metadata metadata{icc, exif, xmp};
  if (format == FileFormat::jpeg) embed::into_jpeg(file, metadata);
  if (format == FileFormat::png) embed::into_png(file, metadata);
  if (format == FileFormat::webp) {
    embed::into_webp(file, metadata, image.width(), image.height(), bands == 4);
  }
  if (format == FileFormat::tiff) exif::into_tiff(file, exif);
  return file;
}

}  // namespace impasto
