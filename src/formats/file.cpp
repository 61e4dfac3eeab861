#include "formats/file.h"

#include <new>

#include "base/input_file.h"
#include "base/output_file.h"
#include "impasto/error.h"

namespace impasto {

namespace {

std::vector<std::byte> room_for(uint64_t size, const std::string& path) {
  try {
    return std::vector<std::byte>(size);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::memory,
                path + ": no memory to read its " + std::to_string(size >> 20) + " MiB");
  }
}

}  // namespace

std::vector<std::byte> read_file(const std::string& path, uint64_t max_bytes) {
  const InputFile file(path);
  const uint64_t size = file.size();
  if (size > max_bytes) {
    throw Error(ErrorCode::input, path + ": is " + std::to_string(size >> 20) + " MiB, at most " +
                                      std::to_string(max_bytes >> 20) + " MiB are read");
  }
  std::vector<std::byte> content = room_for(size, path);
  if (file.read(0, content.size(), content.data()) != content.size()) {
    throw Error(ErrorCode::input, path + ": cannot be read to its end");
  }
  return content;
}

void write_file(const std::string& path, std::span<const std::byte> content) {
  OutputFile file(path);
  file.write({reinterpret_cast<const uint8_t*>(content.data()), content.size()});
  file.replace_target();
}

}  // namespace impasto
