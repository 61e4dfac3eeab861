#pragma once

#include <cstdint>
#include <memory>

#include "impasto/option.h"

namespace impasto {

struct SessionOptions {
  int threads = 0;            ///< 1..1024; 0: one for each processor that this process may run on
  uint64_t max_memory = 0;    ///< bytes of the whole process; 0: what the machine can spare
  bool keep_networks = true;  ///< open, for the next job; false: they go when a job needs them no
                              ///< more, which saves their memory while it paints
};

/// Those that people turn.
const OptionTable<SessionOptions>& session_options();

/// What jobs share: threads, memory, and what the last one of a kind left behind, networks and what
/// was compiled for them. It is made once and lent to one job after another, and has to outlive
/// what is made with it.
///
/// A session is for one thread at a time. A program may have several, each used on a thread of its
/// own: they know nothing of each other, and what they paint is what each would paint alone.
/// Callbacks (Progress) come on the thread that called; one that throws ends the job, and its
/// exception comes out of the call.
class Session {
 public:
  /// Opens nothing yet. Throws Error{usage}: a value out of range.
  explicit Session(const SessionOptions& = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  const SessionOptions& options() const;
  /// Lets go of all that is kept for the next job.
  void rest();

  struct Impl;
  Impl& impl() { return *impl_; }  ///< for impasto's own rooms

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace impasto
