#pragma once

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <typeindex>
#include <utility>

#include "base/parallel.h"
#include "base/promise.h"
#include "impasto/progress.h"
#include "impasto/session.h"

namespace impasto {

/// What one job leaves to the next: of each type the last thing that was asked for, by what it was
/// made from.
class Kept {
 public:
  /// The thing that `key` stands for: what is there, or what make() makes in its place.
  template <class T, class Make>
  std::shared_ptr<T> get(const std::string& key, const Make& make) {
    Thing& thing = things_[typeid(T)];
    if (!thing.value || thing.key != key) {
      thing = {};  // not two at a time
      thing = {key, std::shared_ptr<T>(make())};
    }
    return std::static_pointer_cast<T>(thing.value);
  }
  template <class T>
  void drop() {
    things_.erase(typeid(T));
  }
  void clear() { things_.clear(); }

 private:
  struct Thing {
    std::string key;
    std::shared_ptr<void> value;
  };
  std::map<std::type_index, Thing> things_;
};

struct Session::Impl {
  SessionOptions options;
  Kept kept;
};

/// A caller's Progress inside of a job: what it throws is kept, and the job is cancelled. So no
/// exception that is not ours passes through the engine.
class CallersProgress final : public Progress {
 public:
  explicit CallersProgress(Progress& callers) : callers_(callers) {}

  void report(const ProgressReport& r) override {
    tell([&] { callers_.report(r); });
  }
  bool cancelled() override {
    bool cancelled = false;
    tell([&] { cancelled = callers_.cancelled(); });
    return cancelled || failure_;
  }
  bool wants_preview() override {
    bool wanted = false;
    tell([&] { wanted = callers_.wants_preview(); });
    return wanted;
  }
  double preview_interval() override {
    double interval = 1;
    tell([&] { interval = callers_.preview_interval(); });
    return interval;
  }
  void preview(const Image& picture) override {
    tell([&] { callers_.preview(picture); });
  }

  /// Any other call of the caller's.
  template <class Call>
  void tell(const Call& call) {
    if (failure_) return;
    try {
      call();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  Progress& callers_;
  std::exception_ptr failure_;
};

/// What every public function does that works in a session: body() runs with its threads, and what
/// it throws comes out as Error.
template <class Body>
decltype(auto) run_in(const Session& session, const Body& body) {
  const UseThreads use(session.options().threads);
  try {
    return body();
  } catch (...) {
    rethrow_as_error();
  }
}

/// The same with a caller who is told: body(CallersProgress&). What the caller's own functions
/// throw comes out as it is.
template <class Body>
auto run_in(const Session& session, Progress& callers, const Body& body) {
  CallersProgress progress(callers);
  try {
    auto result = run_in(session, [&] { return body(progress); });
    progress.rethrow();
    return result;
  } catch (...) {
    progress.rethrow();
    throw;
  }
}

}  // namespace impasto
