#include "many/pipeline.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/parallel.h"

namespace impasto::test {
namespace {

TEST(Pipeline, QueueHandsOverInOrderAndEnds) {
  Queue<int> queue;
  EXPECT_FALSE(queue.try_pop());
  std::thread giver([&] {
    for (int i = 0; i < 1000; ++i) queue.push(i);
    queue.close();
  });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(queue.pop(), i);
  EXPECT_FALSE(queue.pop());
  giver.join();
}

TEST(Pipeline, BudgetLetsOnePictureOverItsLimit) {
  PictureBudget budget(100);
  EXPECT_TRUE(budget.wait());
  SharedImage large = budget.hold(Image(100, 100));
  SharedImage copy = large;
  std::atomic<bool> through = false;
  std::thread waiting([&] {
    EXPECT_TRUE(budget.wait());
    through = true;
  });
  large.reset();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(through) << "the copy still holds it";
  copy.reset();
  waiting.join();
  EXPECT_TRUE(through);
}

TEST(Pipeline, BudgetLetsGoWhenItIsClosed) {
  PictureBudget budget(100);
  const SharedImage large = budget.hold(Image(100, 100));
  std::thread waiting([&] { EXPECT_FALSE(budget.wait()); });
  budget.close();
  waiting.join();
}

TEST(Pipeline, SerialLoopsStayOnTheirThread) {
  const UseThreads two(2);
  const auto threads_of_a_loop = [] {
    std::atomic<int> parts = 0;
    parallel_for(1000, 1, [&](int64_t, int64_t) { ++parts; });
    return parts.load();
  };
  EXPECT_EQ(threads_of_a_loop(), 2);
  {
    const SerialLoops serial;
    EXPECT_EQ(threads_of_a_loop(), 1);
    int other = 0;
    std::thread([&] {
      const UseThreads own(2);
      other = threads_of_a_loop();
    }).join();
    EXPECT_EQ(other, 2) << "it holds for one thread";
  }
  EXPECT_EQ(threads_of_a_loop(), 2);
}

}  // namespace
}  // namespace impasto::test
