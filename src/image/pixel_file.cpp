#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/nameless_file.h"
#include "impasto/error.h"
#include "impasto/image.h"

namespace impasto {

namespace {

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorCode::memory, std::string("the file of a large picture cannot be ") + what +
                                     ": " + std::strerror(errno));
}

// `transfer` moves some bytes and tells how many, until all are moved.
template <class Transfer>
void move_all(size_t count, const char* what, const Transfer& transfer) {
  for (size_t done = 0; done < count;) {
    const ssize_t moved = transfer(done);
    if (moved < 0 && errno == EINTR) continue;
    if (moved == 0) errno = EIO;
    if (moved <= 0) fail(what);
    done += static_cast<size_t>(moved);
  }
}

}  // namespace

Image::PixelFile::PixelFile(size_t bytes) : bytes_(bytes) {
  const NamelessFile nameless = open_nameless_file("a large picture", ErrorCode::memory);
  file_ = nameless.descriptor;
  const auto length = static_cast<off_t>(bytes);
  // Taken now, so that a full disk is told before the work.
  int failed = posix_fallocate(file_, 0, length);
  if (failed == EOPNOTSUPP || failed == EINVAL) failed = ftruncate(file_, length) == 0 ? 0 : errno;
  if (failed == 0) return;
  close(file_);
  throw Error(ErrorCode::memory,
              nameless.folder + ": no room for a file of " + std::to_string((bytes >> 20) + 1) +
                  " MiB: " + std::strerror(failed) + " (TMPDIR names another folder)");
}

Image::PixelFile::PixelFile(const PixelFile& other) : PixelFile(other.bytes_) {
  constexpr size_t most = size_t{1} << 20;
  std::vector<uint8_t> part(std::min(bytes_, most));
  for (size_t at = 0; at < bytes_; at += part.size()) {
    const size_t count = std::min(part.size(), bytes_ - at);
    other.read(at, count, part.data());
    write(at, count, part.data());
  }
}

Image::PixelFile::PixelFile(PixelFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), bytes_(other.bytes_) {}

Image::PixelFile& Image::PixelFile::operator=(PixelFile other) noexcept {
  std::swap(file_, other.file_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

Image::PixelFile::~PixelFile() {
  if (file_ >= 0) close(file_);
}

void Image::PixelFile::read(size_t at, size_t count, void* to) const {
  move_all(count, "read", [&](size_t done) {
    return pread(file_, static_cast<char*>(to) + done, count - done, static_cast<off_t>(at + done));
  });
}

void Image::PixelFile::write(size_t at, size_t count, const void* from) {
  move_all(count, "written", [&](size_t done) {
    return pwrite(file_, static_cast<const char*>(from) + done, count - done,
                  static_cast<off_t>(at + done));
  });
}

}  // namespace impasto
