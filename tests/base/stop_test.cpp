// Giving up in the middle of a step.

#include "base/stop.h"

#include <gtest/gtest.h>

#include <thread>

namespace impasto::test {
namespace {

TEST(Stop, NobodyAsksWhereThereIsNoScope) {
  EXPECT_NO_THROW(stop_if_wanted());
}

TEST(Stop, TheInnermostScopeDecides) {
  const StopScope outer([] { return true; }, {});
  {
    const StopScope inner([] { return false; }, {});
    EXPECT_NO_THROW(stop_if_wanted());
  }
  EXPECT_THROW(stop_if_wanted(), Stopped);
  std::thread([] { EXPECT_NO_THROW(stop_if_wanted()); }).join();  // another's work goes on
}

TEST(Stop, AsksNoMoreOftenThanItsInterval) {
  int asked = 0;
  const StopScope scope([&] { return ++asked < 0; }, std::chrono::hours(1));
  for (int i = 0; i < 1000; ++i) stop_if_wanted();
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace impasto::test
