#include "base/memory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "image/samples.h"

namespace impasto::test {
namespace {

constexpr uint64_t mib = uint64_t{1} << 20;

// A machine with 8000 MiB available, whose files say what a test wants.
class AvailableMemory : public testing::Test {
 protected:
  AvailableMemory() { file("proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:   8192000 kB\n"); }

  void file(const std::string& path, const std::string& text) const {
    const std::filesystem::path whole = root_ / path;
    std::filesystem::create_directories(whole.parent_path());
    store(whole.string(), text);
  }
  static std::string text(uint64_t mebibytes) { return std::to_string(mebibytes * mib) + "\n"; }
  uint64_t available() const { return available_memory(root_ / "") / mib; }

  TempFolder root_;
};

TEST_F(AvailableMemory, IsWhatLinuxSays) {
  EXPECT_EQ(available(), 8000u);
  file("proc/self/cgroup", "0::/\n");
  EXPECT_EQ(available(), 8000u);
}

TEST_F(AvailableMemory, KeepsToTheNearestLimitOfControlGroups2) {
  file("proc/self/cgroup", "0::/user/job.scope\n");
  file("sys/fs/cgroup/user/job.scope/memory.max", "max\n");
  file("sys/fs/cgroup/user/job.scope/memory.current", text(500));
  EXPECT_EQ(available(), 8000u);
  file("sys/fs/cgroup/user/memory.max", text(2000));
  file("sys/fs/cgroup/user/memory.current", text(1500));
  EXPECT_EQ(available(), 500u);
  file("sys/fs/cgroup/user/memory.stat", "anon 7\ninactive_file " + text(300) + "active_file 1\n");
  EXPECT_EQ(available(), 800u) << "files that are only cached make room";
  file("sys/fs/cgroup/user/job.scope/memory.max", text(600));
  EXPECT_EQ(available(), 100u);
  file("sys/fs/cgroup/user/job.scope/memory.max", text(400));
  EXPECT_EQ(available(), 0u);
}

TEST_F(AvailableMemory, KeepsToControlGroups1) {
  file("proc/self/cgroup", "5:cpu,cpuacct:/\n4:memory:/jobs/one\n0::/\n");
  file("sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes", "9223372036854771712\n");
  file("sys/fs/cgroup/memory/jobs/one/memory.usage_in_bytes", text(100));
  EXPECT_EQ(available(), 8000u);
  file("sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", text(1000));
  file("sys/fs/cgroup/memory/jobs/memory.usage_in_bytes", text(700));
  file("sys/fs/cgroup/memory/jobs/memory.stat", "total_inactive_file " + text(50));
  EXPECT_EQ(available(), 350u);
}

TEST_F(AvailableMemory, FindsTheLimitOfAContainer) {
  file("proc/self/cgroup", "0::/docker/0123456789\n");  // as the host calls it
  file("sys/fs/cgroup/memory.max", text(512));
  file("sys/fs/cgroup/memory.current", text(12));
  EXPECT_EQ(available(), 500u);
}

TEST(Memory, IsUnlimitedWhereNothingIsKnown) {
  const TempFolder empty;
  EXPECT_GT(available_memory(empty / ""), uint64_t{1} << 62);
}

TEST(Memory, IsKnownHere) {
  EXPECT_GT(available_memory(), 0u);
  const uint64_t before = resident_memory();
  const std::vector<char> filled(64 * mib, 1);
  EXPECT_GE(resident_memory() + 4 * mib, before + filled.size());
}

TEST(Memory, ReadsBackWhatItWrites) {
  for (const uint64_t bytes : {uint64_t{1}, uint64_t{1000}, 1024 * mib, 1536 * mib, 500 * mib,
                               uint64_t{12345678}, uint64_t{1} << 50}) {
    EXPECT_EQ(parse_bytes(text_of_bytes(bytes)), bytes) << text_of_bytes(bytes);
  }
  EXPECT_EQ(text_of_bytes(1536 * mib), "1536M");
  EXPECT_EQ(text_of_bytes(2048 * mib), "2G");
}

TEST(Mebibytes, HoldAllBytes) {
  for (const auto& [bytes, text] :
       {std::pair{uint64_t{0}, "0"}, {1, "1"}, {mib, "1"}, {mib + 1, "2"}}) {
    EXPECT_EQ(text_of_mebibytes(bytes), text);
  }
  EXPECT_EQ(text_of_mebibytes(UINT64_MAX), "17592186044416");
}

}  // namespace
}  // namespace impasto::test
