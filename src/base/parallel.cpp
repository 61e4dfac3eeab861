#include "base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#else
#include <thread>
#endif

namespace impasto {

namespace {

int available_processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return 1;
}

thread_local int thread_count = 0;  // not known yet
thread_local int index_of_this_thread = 0;
thread_local bool serial = false;

void set_threads(int count) {
  thread_count = count > 0 ? count : available_processors();
#ifdef _OPENMP
  omp_set_num_threads(thread_count);  // of this thread's pool, which oneDNN shares
#endif
}

}  // namespace

int threads() {
  if (thread_count == 0) set_threads(0);
  return thread_count;
}

UseThreads::UseThreads(int count) : before_(thread_count) {
  set_threads(count);
}

UseThreads::~UseThreads() {
  set_threads(before_);
}

SingleThreaded::SingleThreaded() {
#ifdef _OPENMP
  omp_set_num_threads(1);
#endif
}

SingleThreaded::~SingleThreaded() {
#ifdef _OPENMP
  omp_set_num_threads(threads());
#endif
}

SerialLoops::SerialLoops() {
  serial = true;
}

SerialLoops::~SerialLoops() {
  serial = false;
}

int thread_index() {
  return index_of_this_thread;
}

void parallel_for(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
  if (count <= 0) return;
  const int64_t parts = std::clamp<int64_t>(count / std::max<int64_t>(grain, 1), 1, threads());
  if (parts == 1 || serial) return body(0, count);

  std::exception_ptr failure;
  std::mutex failure_mutex;
  auto run = [&](int64_t part) {
    index_of_this_thread = static_cast<int>(part);
    try {
      body(count * part / parts, count * (part + 1) / parts);
    } catch (...) {
      std::lock_guard lock(failure_mutex);
      failure = std::current_exception();
    }
    index_of_this_thread = 0;
  };
#ifdef _OPENMP
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(parts))
  for (int64_t part = 0; part < parts; ++part) run(part);
#else
  // Without OpenMP (the thread sanitizer does not understand its barriers): plain threads.
  std::vector<std::thread> pool;
  for (int64_t part = 1; part < parts; ++part) pool.emplace_back(run, part);
  run(0);
  for (std::thread& t : pool) t.join();
#endif
  if (failure) std::rethrow_exception(failure);
}

void parallel_tasks(int64_t count, const std::function<void(int64_t)>& body) {
  std::atomic<int64_t> next = 0;
  parallel_for(std::min<int64_t>(count, threads()), 1, [&](int64_t, int64_t) {
    for (int64_t i; (i = next++) < count;) body(i);
  });
}

}  // namespace impasto
