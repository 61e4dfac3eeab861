#include "canvas/noise.h"

namespace impasto {

Image noise(Random& random, const Size& size, double mean, double deviation) {
  Image picture(size.width, size.height);
  for (int64_t i = 0; i < int64_t{3} * size.width * size.height; ++i) {
    picture.data()[i] = static_cast<float>(mean + deviation * random.normal());
  }
  return picture;
}

}  // namespace impasto
