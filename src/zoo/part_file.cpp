#include "zoo/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "impasto/error.h"

namespace impasto {

PartFile::PartFile(const std::string& path) : path_(path) {
  descriptor_ = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
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
