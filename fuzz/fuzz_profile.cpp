#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "image/embedded_profile.h"
#include "image/rgb_profile.h"

/// Any bytes are a profile of curves and a matrix, or none; every colour goes there and back and
/// stays a number.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace impasto;
  for (const int channels : {1, 3, 4}) {
    const EmbeddedProfile examined = examine_profile({data, size}, channels);
    // What was mended has nothing left to mend.
    if (!examined.mended.empty() && !examine_profile(examined.mended, channels).mended.empty()) {
      std::abort();
    }
  }
  const auto profile = RgbProfile::parse({data, size});
  if (!profile) return 0;
  profile->is_srgb();
  float colours[] = {0, 0.25f, 1, -3, 7, 0.5f, NAN, INFINITY, -INFINITY, 1e30f, -1e30f, 1e-30f};
  profile->to_srgb(colours, 4);
  for (const float v : colours) {
    if (!std::isfinite(v)) std::abort();
  }
  profile->from_srgb(colours, 4);
  for (const float v : colours) {
    if (!(v >= 0 && v <= 1)) std::abort();
  }
  return 0;
}
