#pragma once

#include "base/random.h"
#include "impasto/image.h"

namespace impasto {

/// Every number of a picture by itself, normally distributed.
Image noise(Random&, const Size&, double mean, double deviation);

}  // namespace impasto
