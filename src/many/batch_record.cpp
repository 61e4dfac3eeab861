#include "many/batch_record.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "base/input_file.h"
#include "impasto/error.h"

namespace impasto {

namespace fs = std::filesystem;

namespace {

constexpr const char* record_folder = ".impasto";
constexpr const char* record_name = "done";

// A name in one line; what is escaped hardly ever occurs.
std::string one_line(const std::string& name) {
  std::string line;
  for (const char c : name) {
    if (c == '\n') {
      line += "%0A";
    } else if (c == '%') {
      line += "%25";
    } else {
      line += c;
    }
  }
  return line;
}

[[noreturn]] void fail(const std::string& path) {
  throw Error(ErrorCode::output, path + ": cannot be written: " + std::strerror(errno));
}

}  // namespace

BatchRecord::BatchRecord(const std::string& folder) : folder_(folder) {
  const fs::path place = fs::path(folder) / record_folder;
  std::error_code failed;
  fs::create_directories(place, failed);
  if (failed) {
    throw Error(ErrorCode::output, place.string() + ": cannot be made: " + failed.message());
  }
  const std::string path = (place / record_name).string();
  read(path);
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) fail(path);
  // A line that was cut off in the middle must not swallow the next one.
  char last = '\n';
  const off_t end = lseek(file_, 0, SEEK_END);
  if (end > 0 && pread(file_, &last, 1, end - 1) == 1 && last != '\n') {
    if (write(file_, "\n", 1) != 1) fail(path);
  }
}

BatchRecord::~BatchRecord() {
  if (file_ >= 0) close(file_);
}

void BatchRecord::read(const std::string& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return;
  const InputFile file(path);
  std::string text(file.size(), '\0');
  text.resize(file.read(0, text.size(), text.data()));
  std::istringstream rest(text);
  for (std::string line; std::getline(rest, line);) {
    // Not read by a stream, which would follow the locale: HASH BYTES NAME.
    const size_t hash_end = line.find(' ');
    const size_t bytes_end =
        hash_end == std::string::npos ? hash_end : line.find(' ', hash_end + 1);
    if (bytes_end == std::string::npos || bytes_end + 1 == line.size()) continue;
    Done done{line.substr(0, hash_end), 0};
    const char* end = line.data() + bytes_end;
    const auto [stop, failed] = std::from_chars(line.data() + hash_end + 1, end, done.bytes);
    if (failed == std::errc() && stop == end) done_[line.substr(bytes_end + 1)] = done;
  }
}

std::string BatchRecord::name_of(const std::string& output) const {
  return one_line(fs::path(output).lexically_relative(folder_).generic_string());
}

bool BatchRecord::is_done(const std::string& output, const std::string& job_hash) const {
  const auto found = done_.find(name_of(output));
  if (found == done_.end() || found->second.hash != job_hash) return false;
  std::error_code failed;
  return fs::file_size(output, failed) == found->second.bytes && !failed;
}

void BatchRecord::add(const std::string& output, const std::string& job_hash) {
  std::error_code failed;
  const uint64_t bytes = fs::file_size(output, failed);
  if (failed) throw Error(ErrorCode::output, output + ": " + failed.message());
  const std::string line = job_hash + " " + std::to_string(bytes) + " " + name_of(output) + "\n";
  if (write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    fail((fs::path(folder_) / record_folder / record_name).string());
  }
}

}  // namespace impasto
