#pragma once

#include <chrono>

namespace impasto {

/// Of how long things take: it never goes back.
using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}
/// Of work of which that share took so many seconds: what the rest will take; 0 where nothing is
/// done.
inline double remaining_after(double seconds, double share) {
  return share > 0 ? seconds / share * (1 - share) : 0;
}

}  // namespace impasto
