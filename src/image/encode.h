#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/output_file.h"
#include "impasto/image.h"

namespace impasto {

enum class FileFormat { jpeg, png, webp, tiff, avif, heif, jxl };

/// The format that a path's extension (any case) names. Throws Error{output} listing the known ones
/// when there is none or this libvips cannot write it.
FileFormat format_of(const std::string& path);

/// Formats that libvips writes through codecs which may be missing at run time.
bool needs_plugin(FileFormat format);

/// A whole file in memory: `options.bits` a channel or as many as the format has; alpha where the
/// format has it, else over white; EXIF from the picture's metadata, `xmp` as its packet, an sRGB
/// profile when the picture came with a profile. avif, heif and jxl keep what libvips writes there.
/// Throws Error{output} that begins with `name`, Error{usage} for bits that are not 0, 8 or 16.
std::vector<uint8_t> encode(const Image& image, FileFormat format, const WriteOptions& options,
                            const std::string& xmp, const std::string& name);

/// The same into a file, which only WebP's encoder needs in memory as a whole.
void encode_to(OutputFile& file, const Image& image, FileFormat format, const WriteOptions& options,
               const std::string& xmp, const std::string& name);

/// Memory that write_image() takes beside the picture, roughly and rather too much: what codecs
/// keep, and the file. For a picture or its outline, and a path with a known extension.
size_t writing_bytes(const Image&, const std::string& path);

}  // namespace impasto
