#pragma once

#include <string>

#include "image/pixel_sink.h"
#include "image/vips.h"
#include "impasto/image.h"

namespace impasto {

/// Decodes an opened picture: turned upright, converted to sRGB by its ICC profile or, where that
/// is missing or broken, by its colour space; 16 bits and float keep their precision; alpha goes to
/// its plane. No metadata. Throws Error naming `path`: {input} when damaged, {unsupported} for
/// channels that make no picture, {memory}. Colours of a profile wider than sRGB go beyond 0..1.
/// `options`: how the colours are kept.
void decode(const vips::Picture& source, const std::string& path, const ReadOptions& options,
            PixelSink& sink);

/// What decode() would give, by the header alone: with its bits.
PictureHeader header_of(const vips::Picture& source, const std::string& path,
                        const ReadOptions& options);

}  // namespace impasto
