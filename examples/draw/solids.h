#pragma once

#include "vec.h"

namespace impasto::draw {

// Distances to solids of revolution, from the distance `out` to the axis and the height `up`.
// Negative inside. Fruits are of radius about 1 round the origin; vessels stand on up = 0.

float apple(float out, float up);
float pear(float out, float up);
float lemon(float out, float up);
float bowl(float out, float up);
float jug(float out, float up);
float bottle(float out, float up);

/// The handle of the jug, which stands at the origin.
float jug_handle(Vec3 p);
float capsule(Vec3 p, Vec3 a, Vec3 b, float radius);

}  // namespace impasto::draw
