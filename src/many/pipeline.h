#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "impasto/stylizer.h"

namespace impasto {

/// Bytes that the pictures on their way between threads hold, and where to wait for fewer. May
/// exceed the limit by one picture, so that any picture gets through.
class PictureBudget {
 public:
  explicit PictureBudget(size_t limit) : limit_(limit) {}

  /// Waits until less than the limit is held. False when the budget was closed instead.
  bool wait();
  /// The same picture, counted as long as somebody keeps it. The budget must outlive it.
  SharedImage hold(Image image);
  /// Nobody waits any more.
  void close();

 private:
  struct Held;

  const size_t limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t bytes_ = 0;
  bool closed_ = false;
};

/// Bytes for the pictures that a batch reads ahead, for paintings that it keeps and for results
/// that wait to be written: as much as is useful, and of max_memory, if given, an eighth each.
size_t waiting_bytes(size_t useful, uint64_t max_memory);

/// From one thread to another, in order.
template <class T>
class Queue {
 public:
  void push(T item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    changed_.notify_one();
  }
  /// No more items will come.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  /// Waits for the next item; nothing when the queue was closed and is empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !items_.empty(); });
    return take();
  }
  /// The same, and nothing as soon as `stop` says so, which is asked again and again.
  template <class Stop>
  std::optional<T> pop_unless(const Stop& stop) {
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return closed_ || !items_.empty(); };
    while (!changed_.wait_for(lock, std::chrono::milliseconds(50), ready)) {
      if (stop()) return {};
    }
    return take();
  }
  /// The next item if there is one.
  std::optional<T> try_pop() {
    const std::lock_guard lock(mutex_);
    return take();
  }

 private:
  std::optional<T> take() {
    if (items_.empty()) return {};
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace impasto
