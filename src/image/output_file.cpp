#include "image/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "impasto/error.h"

namespace impasto {

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw Error(ErrorCode::output, path + ": cannot be written: " + reason);
}

}  // namespace

OutputFile::OutputFile(const std::string& target) : target_(target) {
  struct stat status {};
  if (target.empty()) fail("''", "expected a file name");
  if (stat(target.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) fail(target, "is a folder");
    if (!S_ISREG(status.st_mode)) fail(target, "is not an ordinary file");
  } else if (errno != ENOENT) {
    fail(target, std::strerror(errno));
  }
  const std::filesystem::path folder = std::filesystem::path(target).parent_path();
  if (!folder.empty() && stat(folder.c_str(), &status) != 0) {
    fail(target, "folder " + folder.string() + ": " + std::strerror(errno));
  }
  static std::atomic<unsigned> counter{0};
  do {
    name_ = (folder / (".impasto-" + std::to_string(getpid()) + "-" +
                       std::to_string(counter.fetch_add(1)) + ".tmp"))
                .string();
    file_ = open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (file_ < 0 && errno == EEXIST);  // left by a process that was killed
  if (file_ < 0) fail(target, std::strerror(errno));
}

OutputFile::OutputFile(const std::string& name, int descriptor)
    : target_(name), file_(descriptor) {}

OutputFile::~OutputFile() {
  if (file_ >= 0) close(file_);
  if (!renamed_ && !name_.empty()) unlink(name_.c_str());
}

void OutputFile::write(std::span<const uint8_t> content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file_, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target_, std::strerror(errno));
    content = content.subspan(static_cast<size_t>(written));
  }
}

void OutputFile::append(std::span<const uint8_t> content) {
  if (lseek(file_, 0, SEEK_END) < 0) fail(target_, std::strerror(errno));
  write(content);
}

void OutputFile::overwrite(uint64_t place, std::span<const uint8_t> content) {
  if (lseek(file_, static_cast<off_t>(place), SEEK_SET) < 0) fail(target_, std::strerror(errno));
  write(content);
}

void OutputFile::replace_target() {
  const int result = close(file_);  // network file systems report a full disk here
  file_ = -1;
  if (result != 0) fail(target_, std::strerror(errno));
  if (std::rename(name_.c_str(), target_.c_str()) != 0) fail(target_, std::strerror(errno));
  renamed_ = true;
}

void check_folder(const std::string& path) {
  OutputFile file(path);
}

}  // namespace impasto
