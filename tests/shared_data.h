#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace impasto::test {

/// Folder with the developers' extra data (real network weights, photographs): IMPASTO_SHARED, else
/// ../shared beside the checkout; "" when absent.
inline std::string shared_dir() {
  if (const char* path = std::getenv("IMPASTO_SHARED")) return path;
  const std::string beside = std::string(IMPASTO_SOURCE_DIR) + "/../shared";
  return std::filesystem::is_directory(beside) ? beside : "";
}

}  // namespace impasto::test

/// Skips the running test, saying so, when the developers' data is absent; else sets `name`.
#define IMPASTO_SHARED_FILE(name, relative)                                  \
  const std::string name = impasto::test::shared_dir() + "/" relative;       \
  if (impasto::test::shared_dir().empty() || !std::filesystem::exists(name)) \
  GTEST_SKIP() << "needs the developers' data: " relative " (set IMPASTO_SHARED)"
