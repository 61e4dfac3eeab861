#pragma once

#include <chrono>
#include <functional>

#include "base/clock.h"

namespace impasto {

/// What goes up from the middle of a long step that nobody wants any more. It never leaves a job:
/// whoever opened a StopScope catches it.
struct Stopped {};

/// While it lives, `wanted` decides whether this thread's long work is given up. The innermost
/// counts.
class StopScope {
 public:
  /// Asks no more often than that.
  explicit StopScope(std::function<bool()> wanted,
                     Clock::duration interval = std::chrono::milliseconds(50));
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

 private:
  friend void stop_if_wanted();

  std::function<bool()> wanted_;
  Clock::duration interval_;
  Clock::time_point last_ = Clock::now();
  StopScope* outer_;
};

/// Between parts of work that may take long, on the thread that does the whole: throws Stopped when
/// it is to be given up. Next to nothing where nobody asks.
void stop_if_wanted();

}  // namespace impasto
