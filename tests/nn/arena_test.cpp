#include "nn/arena.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace impasto::test {
namespace {

bool together_in_time(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

bool together_in_memory(const Lifetime& a, const Lifetime& b) {
  return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

size_t aligned(size_t bytes) {
  return (bytes + 63) / 64 * 64;
}

// The largest sum of what is alive at one step: no arena can be smaller.
size_t lower_bound_of(const std::vector<Lifetime>& lifetimes) {
  size_t largest = 0;
  for (const Lifetime& at : lifetimes) {
    size_t sum = 0;
    for (const Lifetime& l : lifetimes) {
      if (l.first <= at.first && at.first <= l.last) sum += aligned(l.bytes);
    }
    largest = std::max(largest, sum);
  }
  return largest;
}

void expect_valid(const std::vector<Lifetime>& lifetimes, size_t total) {
  for (size_t i = 0; i < lifetimes.size(); ++i) {
    const Lifetime& a = lifetimes[i];
    ASSERT_EQ(a.offset % 64, 0u);
    ASSERT_LE(a.offset + a.bytes, total);
    for (size_t j = 0; j < i; ++j) {
      ASSERT_FALSE(together_in_time(a, lifetimes[j]) && together_in_memory(a, lifetimes[j]))
          << "lifetimes " << j << " and " << i;
    }
  }
  ASSERT_GE(total, lower_bound_of(lifetimes));
}

TEST(Arena, KeepsThoseAliveTogetherApart) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    std::vector<Lifetime> lifetimes(static_cast<size_t>(1 + random.below(60)));
    const int64_t steps = 1 + random.below(40), largest = seed % 2 ? 10'000 : 200;
    for (Lifetime& l : lifetimes) {
      l.bytes = static_cast<size_t>(random.below(largest));
      l.first = static_cast<int>(random.below(steps));
      l.last = l.first + static_cast<int>(random.below(steps));
    }
    const size_t total = place_lifetimes(lifetimes);
    ASSERT_NO_FATAL_FAILURE(expect_valid(lifetimes, total)) << "seed " << seed;
    // Reuse is the point: without any, the arena would be the sum of all.
    size_t sum = 0;
    for (const Lifetime& l : lifetimes) sum += aligned(l.bytes);
    ASSERT_LE(total, sum);
  }
}

TEST(Arena, ReusesMemoryOfThoseThatAreGone) {
  std::vector<Lifetime> chain;
  for (int i = 0; i < 10; ++i) chain.push_back({1000, i, i + 1, 0});
  EXPECT_EQ(place_lifetimes(chain), 2u * 1024);
}

TEST(Arena, FillsGapsBetweenLargerOnes) {
  // The small one fits where the one in the middle was.
  std::vector<Lifetime> lifetimes = {
      {640, 0, 9, 0}, {320, 0, 3, 0}, {256, 0, 9, 0}, {128, 4, 9, 0}};
  const size_t total = place_lifetimes(lifetimes);
  expect_valid(lifetimes, total);
  EXPECT_EQ(total, 640u + 320 + 256);
}

TEST(Arena, IsTheSameEveryTime) {
  const auto make = [] {
    Random random(7);
    std::vector<Lifetime> lifetimes(40);
    for (Lifetime& l : lifetimes) {
      l.bytes = static_cast<size_t>(64 * random.below(5));  // many of one size
      l.first = static_cast<int>(random.below(20));
      l.last = l.first + 3;
    }
    place_lifetimes(lifetimes);
    return lifetimes;
  };
  const auto a = make(), b = make();
  for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].offset, b[i].offset);
}

TEST(Arena, OfNothingIsEmpty) {
  std::vector<Lifetime> none;
  EXPECT_EQ(place_lifetimes(none), 0u);
}

}  // namespace
}  // namespace impasto::test
