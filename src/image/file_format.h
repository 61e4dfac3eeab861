#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "impasto/image.h"

namespace impasto {

enum class FileFormat { jpeg, png, webp, tiff, avif, heif, jxl };

struct FormatInfo {
  FileFormat format;
  const char* name;
  const char* saver;  ///< of libvips
  int max_side;       ///< pixels; 0: no limit that matters
  int bits;           ///< a channel, at most
  std::vector<const char*> extensions;
};
const FormatInfo& info_of(FileFormat);

/// The format that a path's extension (any case) names. Throws Error{output} listing the known ones
/// when there is none or this libvips cannot write it.
FileFormat format_of(const std::string& path);

/// Formats that libvips writes through codecs which may be missing at run time.
bool needs_plugin(FileFormat format);

/// Of a JPEG, for which the best codes are sought: they take all coefficients in memory, which is
/// not worth the tenth that they save beyond so many pixels.
constexpr uint64_t most_optimised = 40'000'000;

/// Memory that write_image() takes beside the picture, roughly and rather too much: what codecs
/// keep, and the file. For a path with a known extension.
size_t writing_bytes(const PictureHeader&, const std::string& path);

}  // namespace impasto
