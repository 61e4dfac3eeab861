#include "base/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/missing.h"
#include "impasto/error.h"

namespace impasto {

namespace {

const char* name_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw Error(ErrorCode::input, path + ": " + reason);
}

}  // namespace

// O_NONBLOCK: to open a pipe would wait for its other end. Ordinary files do not know it.
InputFile::InputFile(const std::string& path)
    : path_(path), file_(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)) {
  const int failure = errno;
  if (file_ >= 0) {
    check();
    return;
  }
  struct stat status {};
  if (failure == ENOENT) fail(path, missing(path, "file"));
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {  // sockets, some devices
    fail(path, std::string("expected a file, found ") + name_of(status.st_mode));
  }
  fail(path, std::string("cannot be opened: ") + std::strerror(failure));
}

InputFile::InputFile(int descriptor, const std::string& path) : path_(path), file_(descriptor) {
  check();
}

void InputFile::check() {
  struct stat status {};
  if (fstat(file_, &status) == 0 && S_ISREG(status.st_mode)) {
    size_ = static_cast<uint64_t>(status.st_size);
    return;
  }
  close(file_);
  fail(path_, std::string("expected a file, found ") + name_of(status.st_mode));
}

InputFile::~InputFile() {
  close(file_);
}

size_t InputFile::read(uint64_t place, size_t count, void* to) const {
  size_t done = 0;
  while (done < count) {
    const ssize_t got =
        pread(file_, static_cast<char*>(to) + done, count - done, static_cast<off_t>(place + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path_, std::string("cannot be read: ") + std::strerror(errno));
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

}  // namespace impasto
