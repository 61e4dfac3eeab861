#pragma once

#include "impasto/image.h"

namespace impasto::draw {

// Photographs: rendered scenes.
Image landscape();  ///< A mountain lake in the evening.
Image stilllife();  ///< Fruit, a jug and a cloth in window light.

// Paintings: one manner each.
Image swirls();       ///< Night sky, thick strokes along a whirling field.
Image mosaic();       ///< Coloured glass in rings, leaded.
Image ink();          ///< Brush and ink waves on warm paper.
Image pointillist();  ///< Dots of pure colour, a river bank.
Image cubist();       ///< Translucent facets of ochre, red and grey.

}  // namespace impasto::draw
