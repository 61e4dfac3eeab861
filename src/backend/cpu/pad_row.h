#pragma once

#include <cstddef>
#include <cstring>

#include "backend/border.h"

namespace impasto {

/// A row of `w` pixels of `pixel` bytes each with `border` more on both sides; zeros for none.
inline void pad_row(const std::byte* from, int64_t w, int64_t border, int64_t pixel, PadMode mode,
                    std::byte* to) {
  const auto bytes = [&](int64_t pixels) { return static_cast<size_t>(pixels * pixel); };
  if (!from) {
    std::memset(to, 0, bytes(w + 2 * border));
    return;
  }
  std::memcpy(to + border * pixel, from, bytes(w));
  for (int64_t i = 0; i < border; ++i) {
    for (const int64_t x : {i - border, w + i}) {
      const int64_t source = border_index(x, w, mode);
      std::byte* at = to + (x + border) * pixel;
      if (source < 0)
        std::memset(at, 0, bytes(1));
      else
        std::memcpy(at, from + source * pixel, bytes(1));
    }
  }
}

}  // namespace impasto
