#include "zoo/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "impasto/error.h"

namespace impasto {

// Whoever may write into the folder could put something else there.
bool PartFile::open_own(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return false;
  struct stat status {};
  const bool own = fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
                   status.st_uid == geteuid() && status.st_nlink == 1;
  if (own) {
    path_ = path;
    descriptor_ = file;
  } else {
    close(file);
  }
  return own;
}

PartFile::PartFile(const std::string& folder, const std::string& name) {
  namespace fs = std::filesystem;
  constexpr const char* suffix = ".part";
  std::error_code failed;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
    const std::string found = it->path().filename().string();
    const bool candidate = found.starts_with(name + ".") && found.ends_with(suffix);
    if (candidate && open_own(it->path().string())) break;
  }
  if (descriptor_ < 0) {
    path_ = folder + "/" + name + ".XXXXXX" + suffix;
    descriptor_ =
        mkostemps(path_.data(), static_cast<int>(std::strlen(suffix)), O_APPEND | O_CLOEXEC);
  }
  if (descriptor_ < 0) fail("cannot be created");
  const bool locked = flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  const off_t end = locked ? lseek(descriptor_, 0, SEEK_END) : -1;
  if (end >= 0) {
    size_ = static_cast<uint64_t>(end);
    return;
  }
  const int reason = errno;
  close(descriptor_);
  if (!locked && reason == EWOULDBLOCK) {
    throw Error(ErrorCode::output, path_ + ": is being downloaded by another program");
  }
  errno = reason;
  fail("cannot be locked");
}

PartFile::~PartFile() {
  close(descriptor_);
}

void PartFile::fail(const char* what) const {
  throw Error(ErrorCode::output, path_ + ": " + what + ": " + std::strerror(errno));
}

void PartFile::append(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot be written");
    size_ += static_cast<uint64_t>(count);
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
}

void PartFile::clear() {
  if (ftruncate(descriptor_, 0) != 0) fail("cannot be emptied");
  size_ = 0;
}

void PartFile::remove() {
  if (unlink(path_.c_str()) != 0) fail("cannot be deleted");
}

}  // namespace impasto
