#include "base/temporary.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include "impasto/output.h"

namespace impasto {

namespace {

constexpr const char *prefix = ".impasto-", *suffix = ".tmp";

// What a signal handler may read: names that stay where they are. More files at a time than slots
// are not known to it.
struct Slot {
  enum State { unused, changing, known };
  std::atomic<int> state{unused};
  std::array<char, PATH_MAX> path{};
};
std::array<Slot, 64> slots;
static_assert(std::atomic<int>::is_always_lock_free);
std::atomic<pid_t> owner{0};  // a child that was forked has the slots, too, but not the files

std::string hex(uint64_t v) {
  char text[16];
  const auto end = std::to_chars(text, text + sizeof text, v, 16).ptr;
  const std::string digits(text, end);
  return std::string(16 - digits.size(), '0') + digits;
}

std::string first_line(const char* path) {
  std::string line;
  std::ifstream file(path);
  std::getline(file, line);
  return line;
}

// Machines of one name are told apart by their identity, containers by their name.
const std::string& machine() {
  static const std::string id = [] {
    utsname names{};
    uname(&names);
    uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
    for (const char c : first_line("/etc/machine-id") + "/" + names.nodename) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    return hex(hash).substr(8);
  }();
  return id;
}

const std::string& boot() {
  static const std::string id =
      (first_line("/proc/sys/kernel/random/boot_id") + "00000000").substr(0, 8);
  return id;
}

std::string new_name() {
  uint64_t number = 0;
  if (getrandom(&number, sizeof number, 0) != sizeof number) {
    static std::atomic<uint64_t> counter{0};
    number = counter.fetch_add(1);
  }
  return prefix + machine() + "-" + boot() + "-" + std::to_string(getpid()) + "-" + hex(number) +
         suffix;
}

// The process that made a file of this name; nothing where that was on another machine, or it is no
// temporary file. 0: it was before this machine was started the last time.
std::optional<pid_t> maker_of(const std::string& name) {
  const std::string ours = prefix + machine() + "-";
  if (!name.starts_with(ours) || !name.ends_with(suffix)) return {};
  const size_t at_process = name.find('-', ours.size());
  if (at_process == std::string::npos) return {};
  if (name.substr(ours.size(), at_process - ours.size()) != boot()) return 0;
  pid_t process = 0;
  const char* end = name.data() + name.size();
  const auto [stop, failed] = std::from_chars(name.data() + at_process + 1, end, process);
  if (failed != std::errc() || stop == end || *stop != '-' || process < 1) return {};
  return process;
}

// Locks tell what numbers of processes cannot: they are used again, and containers have their own.
bool is_left_over(const std::string& path, pid_t process) {
  if (process != 0 && process != getpid() && (kill(process, 0) == 0 || errno != ESRCH))
    return false;
  const int file = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return false;
  const bool locked = flock(file, LOCK_EX | LOCK_NB) == 0;
  const bool free = locked || (errno != EWOULDBLOCK && process != getpid());
  close(file);
  return free;
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::mutex& making() {  // a file of ours is seen with its lock
  static std::mutex mutex;
  return mutex;
}

}  // namespace

TemporaryName::TemporaryName(const std::string& folder)
    : path_(folder.empty() || folder.ends_with('/') ? folder + new_name()
                                                    : folder + "/" + new_name()) {
  owner = getpid();
  for (size_t i = 0; i < slots.size() && path_.size() < PATH_MAX; ++i) {
    int unused = Slot::unused;
    if (!slots[i].state.compare_exchange_strong(unused, Slot::changing)) continue;
    std::memcpy(slots[i].path.data(), path_.c_str(), path_.size() + 1);
    slots[i].state = Slot::known;
    slot_ = static_cast<int>(i);
    return;
  }
}

TemporaryName::~TemporaryName() {
  if (slot_ >= 0) slots[static_cast<size_t>(slot_)].state = Slot::unused;
}

int create_temporary(const TemporaryName& name) {
  const std::lock_guard lock(making());
  const int file = open(name.path().c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file >= 0) flock(file, LOCK_EX | LOCK_NB);  // where a file system has no locks, without
  return file;
}

void clear_temporaries(const std::string& folder) {
  static std::set<std::string> seen;
  const std::lock_guard lock(making());
  const std::string place = folder.empty() ? "." : folder;
  if (!seen.insert(place).second) return;
  const std::unique_ptr<DIR, CloseFolder> entries(opendir(place.c_str()));
  if (!entries) return;
  while (const dirent* entry = readdir(entries.get())) {
    const std::optional<pid_t> process = maker_of(entry->d_name);
    const std::string path = place + "/" + entry->d_name;
    if (process && is_left_over(path, *process)) unlink(path.c_str());
  }
}

void remove_unfinished() noexcept {
  if (owner != getpid()) return;
  for (const Slot& slot : slots) {
    if (slot.state == Slot::known) unlink(slot.path.data());
  }
}

}  // namespace impasto
