#pragma once

#include <cstddef>
#include <memory>

namespace impasto {

/// A block of memory aligned to 64 bytes (2 MiB when it is large, so that huge pages can back it).
/// Not initialised. Throws Error{memory} when it cannot be had.
class Buffer {
 public:
  explicit Buffer(size_t bytes);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::byte* data() { return data_; }
  size_t size() const { return size_; }

 private:
  std::byte* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace impasto
