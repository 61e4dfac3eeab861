#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace impasto::test {

/// A test with an empty cache of its own, in a folder of its own.
class WithCache : public testing::Test {
 protected:
  WithCache() {
    std::string pattern = (std::filesystem::temp_directory_path() / "impasto-zoo-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    setenv("XDG_CACHE_HOME", folder_.c_str(), 1);
    setenv("no_proxy", "*", 1);
    unsetenv("IMPASTO_MODELS_URL");
  }
  ~WithCache() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string in_cache(const std::string& name) const { return path("impasto/" + name); }
  /// Names of the files in the cache.
  std::vector<std::string> cache_content() const {
    std::vector<std::string> names;
    if (!std::filesystem::exists(path("impasto"))) return names;
    for (const auto& entry : std::filesystem::directory_iterator(path("impasto"))) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  static void write(const std::string& file, const std::string& content) {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }
  static std::string read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::string folder_;
};

}  // namespace impasto::test
