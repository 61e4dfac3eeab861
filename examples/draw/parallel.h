#pragma once

#include <atomic>
#include <thread>
#include <vector>

namespace impasto::draw {

/// body(row) for each of `rows` on all processors. The rows must not depend on each other, so the
/// result is the same for any number of them.
template <class Body>
void parallel_rows(int rows, const Body& body) {
  std::atomic<int> next{0};
  const auto work = [&] {
    for (int row = next++; row < rows; row = next++) body(row);
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) threads.emplace_back(work);
  work();
}

}  // namespace impasto::draw
