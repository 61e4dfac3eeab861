// One exception.

#include "base/promise.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <variant>

#include "formats/expect_error.h"

namespace impasto::test {
namespace {

template <class Throw>
void promised(const Throw& action) try {
  action();
} catch (...) {
  rethrow_as_error();
}

TEST(Promise, WhateverIsThrownLeavesAsAnError) {
  namespace fs = std::filesystem;
  expect_error(ErrorCode::output, "as it was",
               [] { promised([] { throw Error(ErrorCode::output, "as it was"); }); });
  expect_error(ErrorCode::memory, "out of memory",
               [] { promised([] { throw std::bad_alloc(); }); });
  expect_error(ErrorCode::memory, "out of memory",
               [] { promised([] { std::string(1, 'x').append(SIZE_MAX / 2, 'x'); }); });
  const std::string name(5000, 'n');
  expect_error(ErrorCode::input, "nnn: File name too long",
               [&] { promised([&] { EXPECT_EQ(fs::file_size(name), 0u); }); });
  expect_error(ErrorCode::internal, "unexpected: ", [] {
    promised([] {
      const std::variant<int, double> v = 1;
      if (std::get<double>(v) > 0) throw 1;
    });
  });
  expect_error(ErrorCode::internal, "unexpected", [] { promised([] { throw 1; }); });
}

}  // namespace
}  // namespace impasto::test
