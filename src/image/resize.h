#pragma once

#include "impasto/image.h"

namespace impasto {

/// sum += share * resize(image, sum's size), of the colours alone, without that picture in between.
void add_resized(const Image& image, float share, Image& sum);

}  // namespace impasto
