#pragma once

#include "impasto/image.h"
#include "zoo/engine.h"

namespace impasto {

// A picture whose opposite borders are neighbours: one tile of an endless one.

/// Makes the pictures that an engine paints such tiles: what lies beyond a border is what lies
/// behind the opposite one, for convolutions, the pyramid and smoothness. Paintings are looked at
/// as before.
void join_borders(Engine&);

/// The side of at least `side` pixels at which a tile is painted: a multiple of 16, so that pooling
/// leaves nothing out and windows meet over the seam.
int joined_side(int side);

/// resize() of a tile: what it reads beyond a border is behind the opposite one.
Image resize_joined(const Image&, int width, int height);

}  // namespace impasto
