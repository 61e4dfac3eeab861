#pragma once

#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdint>
#include <span>

namespace impasto {

/// An open file's bytes, as long as this lives; none where it cannot be mapped.
class MappedFile {
 public:
  explicit MappedFile(int descriptor) {
    struct stat status {};
    if (fstat(descriptor, &status) != 0 || status.st_size == 0) return;
    size_ = static_cast<size_t>(status.st_size);
    data_ = mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor, 0);
  }
  ~MappedFile() {
    if (data_ != MAP_FAILED) munmap(data_, size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::span<const uint8_t> bytes() const {
    if (data_ == MAP_FAILED) return {};
    return {static_cast<const uint8_t*>(data_), size_};
  }

 private:
  void* data_ = MAP_FAILED;
  size_t size_ = 0;
};

}  // namespace impasto
