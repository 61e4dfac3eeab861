#include "base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "impasto/error.h"
#include "impasto/output.h"

namespace impasto {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(ErrorCode::output, path + ": cannot be written: " + reason);
}

// Where links lead to; also to what is not there yet.
std::string behind_links(const std::string& path) {
  fs::path at = path;
  std::error_code failed;
  for (int links = 0; links < 40; ++links) {
    const fs::path to = fs::read_symlink(at, failed);
    if (failed) return at.string();
    at = at.parent_path() / to;  // `to` alone where that is absolute
  }
  return path;
}

bool is_protected(const std::string& path, mode_t mode) {
  constexpr mode_t anybody = S_IWUSR | S_IWGRP | S_IWOTH;  // root may, but was told not to
  return (mode & anybody) == 0 || faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0;
}

}  // namespace

OutputFile::OutputFile(const std::string& path) : path_(path), target_(behind_links(path)) {
  struct stat before {
  }, folder_status{};
  if (path.empty()) refuse("''", "expected a file name");
  const bool exists = stat(path.c_str(), &before) == 0;
  if (!exists && errno != ENOENT) refuse(path, std::strerror(errno));
  if (exists && S_ISDIR(before.st_mode)) refuse(path, "is a folder");
  if (exists && !S_ISREG(before.st_mode)) refuse(path, "is not an ordinary file");
  if (exists && is_protected(path, before.st_mode)) refuse(path, "is write-protected");
  const std::string folder = fs::path(target_).parent_path().string();
  if (!folder.empty() && stat(folder.c_str(), &folder_status) != 0) {
    refuse(path, "folder " + folder + ": " + std::strerror(errno));
  }
  clear_temporaries(folder);
  do {
    name_.emplace(folder);
    file_ = create_temporary(*name_);
  } while (file_ < 0 && errno == EEXIST);
  if (file_ < 0) refuse(path, std::strerror(errno));
  if (!exists) return;
  // As far as this process may.
  [[maybe_unused]] const bool owned = fchown(file_, before.st_uid, before.st_gid) == 0;
  [[maybe_unused]] const bool permitted = fchmod(file_, before.st_mode & 0777) == 0;
}

OutputFile::OutputFile(int descriptor, const std::string& name) : path_(name), file_(descriptor) {}

OutputFile::~OutputFile() {
  if (!renamed_ && file_ >= 0 && name_) unlink(name_->path().c_str());
  if (file_ >= 0) close(file_);
}

void OutputFile::write(std::span<const uint8_t> content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file_, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse(path_, std::strerror(errno));
    content = content.subspan(static_cast<size_t>(written));
  }
}

void OutputFile::append(std::span<const uint8_t> content) {
  if (lseek(file_, 0, SEEK_END) < 0) refuse(path_, std::strerror(errno));
  write(content);
}

void OutputFile::overwrite(uint64_t place, std::span<const uint8_t> content) {
  if (lseek(file_, static_cast<off_t>(place), SEEK_SET) < 0) refuse(path_, std::strerror(errno));
  write(content);
}

void OutputFile::replace_target() {
  // Network file systems report a full disk only when a file is closed: before the other is gone.
  const int copy = dup(file_);
  if (copy < 0 || close(copy) != 0) refuse(path_, std::strerror(errno));
  if (std::rename(name_->path().c_str(), target_.c_str()) != 0) refuse(path_, std::strerror(errno));
  renamed_ = true;
}

void write_text(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.write({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  file.replace_target();
}

void check_output(const std::string& path) {
  const OutputFile file(path);
}

}  // namespace impasto
