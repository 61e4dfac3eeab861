#pragma once

#include <memory>
#include <vector>

#include "canvas/picture.h"
#include "transfer/painter.h"
#include "transfer/style_file.h"
#include "zoo/engine.h"

namespace impasto {

/// Sides as networks that paint at once take them.
int rounded_up(int side);
/// A picture in windows of that size.
TiledPicture tiled(const PictureSource&, const Size& window);

/// The network that alone paints these; null: there is none.
std::shared_ptr<const StyleNetwork> network_of(const std::vector<SharedPainting>&);
std::shared_ptr<const StyleNetwork> network_of(const std::vector<PaintingHeader>&);
/// What it takes to paint a window.
size_t network_bytes(const Engine&, const StyleNetwork&, const Size& window);

}  // namespace impasto
