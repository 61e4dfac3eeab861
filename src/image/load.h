#pragma once

#include "base/input_file.h"
#include "image/picture_kind.h"
#include "image/vips.h"

namespace impasto {

/// The picture in a file of this kind, by the one loader for that; rows are decoded on demand, top
/// to bottom, for as long as `file` lives. Empty, with libvips' error set, where it is damaged.
/// Throws Error naming the file: {unsupported} for what this libvips lacks or what is not safe.
vips::Picture load(const InputFile& file, PictureKind kind);

}  // namespace impasto
