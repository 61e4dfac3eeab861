#include "base/stop.h"

#include <utility>

namespace impasto {

namespace {

thread_local StopScope* innermost = nullptr;

}  // namespace

StopScope::StopScope(std::function<bool()> wanted, Clock::duration interval)
    : wanted_(std::move(wanted)), interval_(interval), outer_(std::exchange(innermost, this)) {}

StopScope::~StopScope() {
  innermost = outer_;
}

void stop_if_wanted() {
  if (innermost == nullptr) return;
  StopScope& scope = *innermost;
  const auto now = Clock::now();
  if (now - scope.last_ < scope.interval_) return;
  scope.last_ = now;
  if (scope.wanted_()) throw Stopped();
}

}  // namespace impasto
