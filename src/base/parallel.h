#pragma once

#include <cstdint>
#include <functional>

namespace impasto {

/// Threads that the calling thread's parallel loops use, and oneDNN when it is called from it; at
/// least 1: what the innermost UseThreads says, else one for each processor that this process may
/// run on.
int threads();

/// While it lives, threads() is `count` on the thread that made it; 0: as without. Jobs on threads
/// of their own do not know of each other.
class UseThreads {
 public:
  explicit UseThreads(int count);
  ~UseThreads();
  UseThreads(const UseThreads&) = delete;
  UseThreads& operator=(const UseThreads&) = delete;

 private:
  const int before_;
};

/// Calls body(begin, end) on disjoint ranges that cover 0..count, at most one per thread, in the
/// same split for the same count and thread number. Ranges shorter than `grain` are not split.
void parallel_for(int64_t count, int64_t grain,
                  const std::function<void(int64_t begin, int64_t end)>& body);

/// While it lives, oneDNN compiles primitives of the calling thread for one thread.
class SingleThreaded {
 public:
  SingleThreaded();
  ~SingleThreaded();
  SingleThreaded(const SingleThreaded&) = delete;
  SingleThreaded& operator=(const SingleThreaded&) = delete;
};

/// While it lives, parallel loops of the calling thread run on that thread alone: for work beside
/// the main thread's, which wants the others for itself.
class SerialLoops {
 public:
  SerialLoops();
  ~SerialLoops();
  SerialLoops(const SerialLoops&) = delete;
  SerialLoops& operator=(const SerialLoops&) = delete;
};

/// Within a parallel loop: which of its threads this is, 0..threads() - 1; outside 0.
int thread_index();

/// Calls body(0) .. body(count - 1), each once, on all threads; for tasks of unequal length,
/// longest first. A body may not begin parallel loops of its own.
void parallel_tasks(int64_t count, const std::function<void(int64_t)>& body);

}  // namespace impasto
