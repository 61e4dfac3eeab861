#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "impasto/error.h"
#include "transfer/style_file.h"

/// Any bytes are read or refused with an Error; what was read holds finite statistics,
/// interpolates, and can be written and read again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace impasto;
  try {
    const SavedStyle style = parse_style(std::as_bytes(std::span(data, size)), "f");
    for (const FeatureStatistics& s : statistics_at(style, 100)) {
      for (const double v : s.mean) {
        if (!std::isfinite(v)) std::abort();
      }
      for (const double v : s.covariance) {
        if (!std::isfinite(v)) std::abort();
      }
    }
    const SavedStyle again = parse_style(format_style(style), "g");
    if (again.rungs.size() != style.rungs.size()) std::abort();
  } catch (const Error&) {
  }
  return 0;
}
