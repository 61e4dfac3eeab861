#include "image/file_format.h"

#include <vips/vips.h>

#include <algorithm>
#include <filesystem>

#include "base/lower_case.h"
#include "image/vips.h"
#include "impasto/error.h"

namespace impasto {

namespace {

const FormatInfo formats[] = {
    {FileFormat::jpeg, "JPEG", "jpegsave_target", 65'500, 8, {".jpg", ".jpeg"}},
    {FileFormat::png, "PNG", "pngsave_target", 0, 16, {".png"}},
    {FileFormat::webp, "WebP", "webpsave_target", 16'383, 8, {".webp"}},
    {FileFormat::tiff, "TIFF", "tiffsave_target", 0, 16, {".tif", ".tiff"}},
    {FileFormat::avif, "AVIF", "heifsave_target", 16'384, 12, {".avif"}},
    {FileFormat::heif, "HEIF", "heifsave_target", 16'384, 10, {".heic", ".heif"}},
    {FileFormat::jxl, "JPEG XL", "jxlsave_target", 0, 16, {".jxl"}},
};

bool can_write(const FormatInfo& info) {
  return vips_type_find("VipsOperation", info.saver) != 0;
}

}  // namespace

const FormatInfo& info_of(FileFormat format) {
  return formats[static_cast<size_t>(format)];
}

bool needs_plugin(FileFormat format) {
  return format == FileFormat::avif || format == FileFormat::heif || format == FileFormat::jxl;
}

FileFormat format_of(const std::string& path) {
  vips::start();
  const std::string extension = lower_case(std::filesystem::path(path).extension().string());
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

size_t writing_bytes(const PictureHeader& picture, const std::string& path) {
  const FileFormat format = format_of(path);
  const auto pixels = static_cast<uint64_t>(picture.width) * static_cast<uint64_t>(picture.height);
  const int bits = std::min(picture.bits, info_of(format).bits);
  const double raw = (picture.has_alpha ? 4 : 3) * (bits > 8 ? 2 : 1);  // bytes a pixel
  const auto per_pixel = [&] {
    switch (format) {
      case FileFormat::jpeg:
        return pixels < most_optimised ? 6.0 : 0.0;  // all coefficients
      case FileFormat::png:
      case FileFormat::tiff:
        return 0.0;
      case FileFormat::webp:
        return 12.0;
      case FileFormat::avif:
      case FileFormat::heif:
        return 4 * raw + 12;
      case FileFormat::jxl:
        return raw + 40;
    }
    return raw;
  };
  return static_cast<size_t>(per_pixel() * static_cast<double>(pixels));
}

}  // namespace impasto
