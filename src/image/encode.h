#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/output_file.h"
#include "image/file_format.h"
#include "impasto/image.h"

namespace impasto {

/// A whole file in memory: `options.bits` a channel or as many as the format has; alpha where the
/// format has it, else over white; EXIF from the picture's metadata, `xmp` as its packet, an sRGB
/// profile when the picture came with a profile.
/// Throws Error{output} that begins with `name`, Error{usage} for bits that are not 0, 8 or 16.
std::vector<uint8_t> encode(const Image& image, FileFormat format, const WriteOptions& options,
                            const std::string& xmp, const std::string& name);

/// The same into a file, which only WebP's encoder needs in memory as a whole.
void encode_to(OutputFile& file, const Image& image, FileFormat format, const WriteOptions& options,
               const std::string& xmp, const std::string& name);

}  // namespace impasto
