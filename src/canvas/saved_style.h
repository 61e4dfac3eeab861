#pragma once

#include "impasto/painting.h"
#include "transfer/style_file.h"
#include "zoo/zoo.h"

namespace impasto {

/// What a style file tells of a painting besides its statistics: sizes, a preview, and the encoder
/// whose statistics they will be.
SavedStyle begin_style(const Network& encoder, const Image& painting);

/// How large a painting is looked at with that longer side.
Size rung_size(const PaintingHeader& painting, int side);

/// The statistics of a painting that is looked at so.
PictureStatistics look_at(Backend&, const Network& encoder, DType, const Image& painting,
                          const Size&);

}  // namespace impasto
