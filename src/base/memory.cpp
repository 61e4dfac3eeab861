#include "base/memory.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

#include "impasto/error.h"

namespace impasto {

namespace {

constexpr uint64_t unlimited = UINT64_MAX;
constexpr double most_bytes = 0x1p50;

uint64_t saturated_difference(uint64_t a, uint64_t b) {
  return a > b ? a - b : 0;
}

// The number in a file that holds nothing else; `otherwise` for "max" and where there is no file.
uint64_t number_in(const std::string& path, uint64_t otherwise) {
  std::ifstream file(path);
  uint64_t value = 0;
  return file >> value ? value : otherwise;
}

// The number after a word, in files such as /proc/meminfo.
uint64_t number_after(const std::string& path, const std::string& name, uint64_t otherwise) {
  std::ifstream file(path);
  for (std::string word; file >> word;) {
    uint64_t value = 0;
    if (word == name && file >> value) return value;
  }
  return otherwise;
}

// What the files of one version of control groups are called.
struct GroupFiles {
  const char *folder, *limit, *usage, *cache;
};
constexpr GroupFiles version_1{"sys/fs/cgroup/memory", "memory.limit_in_bytes",
                               "memory.usage_in_bytes", "total_inactive_file"};
constexpr GroupFiles version_2{"sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"};

// What is left in a group and in those above it. In a container the path may be one of the host,
// where the group's own files lie at the top.
uint64_t left_in_groups(const std::string& root, const GroupFiles& files, std::string path) {
  const std::string top = root + files.folder;
  uint64_t left = unlimited;
  for (;;) {
    const std::string folder = top + path + "/";
    const uint64_t limit = number_in(folder + files.limit, unlimited);
    if (limit != unlimited) {
      const uint64_t cache = number_after(folder + "memory.stat", files.cache, 0);
      const uint64_t used = saturated_difference(number_in(folder + files.usage, 0), cache);
      left = std::min(left, saturated_difference(limit, used));
    }
    if (path.empty()) return left;
    path.resize(std::min(path.rfind('/'), path.size()));
  }
}

uint64_t left_in_groups(const std::string& root) {
  uint64_t left = unlimited;
  std::ifstream groups(root + "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "4:memory:/a/b", version 2: "0::/a/b"
    std::istringstream parts(line);
    std::string number, controllers, path;
    std::getline(parts, number, ':');
    std::getline(parts, controllers, ':');
    std::getline(parts, path);
    while (!path.empty() && (path.back() == '/' || path.front() != '/')) path.pop_back();
    const bool of_memory = ("," + controllers + ",").find(",memory,") != std::string::npos;
    if (of_memory) left = std::min(left, left_in_groups(root, version_1, path));
    if (number == "0" && controllers.empty()) {
      left = std::min(left, left_in_groups(root, version_2, path));
    }
  }
  return left;
}

uint64_t page_size() {
  return static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

// Stacks of threads, what malloc keeps for them, and code that libraries make as they run:
// addresses that count there and are hardly memory.
constexpr uint64_t beside_memory = uint64_t{128} << 20;

uint64_t left_of_address_space() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unlimited;
  const uint64_t taken = number_in("/proc/self/statm", 0) * page_size() + beside_memory;
  return saturated_difference(limit.rlim_cur, taken);
}

}  // namespace

uint64_t available_memory(const std::string& root) {
  const uint64_t kilobytes = number_after(root + "proc/meminfo", "MemAvailable:", unlimited);
  const uint64_t machine = kilobytes == unlimited ? unlimited : kilobytes * 1024;
  return std::min({machine, left_in_groups(root), left_of_address_space()});
}

void require_address_space(size_t bytes) {
  void* const place =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) throw Error(ErrorCode::memory, "out of memory");
  munmap(place, bytes);
}

uint64_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  uint64_t all = 0, resident = 0;
  return file >> all >> resident ? resident * page_size() : 0;
}

uint64_t parse_bytes(const std::string& text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string unit(end, text.data() + text.size());
  std::transform(unit.begin(), unit.end(), unit.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (failed != std::errc() || unit.empty()) return 0;
  const std::string sizes = "BKMGT", ending = unit.substr(1);
  const size_t power = sizes.find(unit.front());
  const bool decimal = ending == "B";
  if (power == std::string::npos || !(ending.empty() || decimal || ending == "IB")) return 0;
  if (power == 0 && !ending.empty()) return 0;
  const double bytes = std::floor(value * std::pow(decimal ? 1000.0 : 1024.0, power));
  return bytes >= 1 && bytes <= most_bytes ? static_cast<uint64_t>(bytes) : 0;
}

std::string text_of_bytes(uint64_t bytes) {
  const std::string sizes = "BKMGT";
  size_t power = 0;
  while (bytes > 0 && bytes % 1024 == 0 && power + 1 < sizes.size()) {
    bytes /= 1024;
    ++power;
  }
  return std::to_string(bytes) + sizes[power];
}

std::string text_of_mebibytes(uint64_t bytes) {
  constexpr uint64_t mebi = uint64_t{1} << 20;
  return std::to_string(bytes / mebi + (bytes % mebi > 0 ? 1 : 0));
}

}  // namespace impasto
