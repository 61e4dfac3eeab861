#include "tensor/buffer.h"

#include <sys/mman.h>

#include <cstdlib>
#include <string>

#include "impasto/error.h"

namespace impasto {

namespace {
constexpr size_t huge_page = size_t{2} << 20;
}

Buffer::Buffer(size_t bytes) : size_(bytes) {
  const size_t alignment = bytes >= 2 * huge_page ? huge_page : 64;
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  if (rounded >= bytes) {
    data_ = static_cast<std::byte*>(std::aligned_alloc(alignment, rounded ? rounded : alignment));
  }
  if (!data_) {
    throw Error(ErrorCode::memory,
                "out of memory: could not allocate " + std::to_string((bytes >> 10) + 1) + " KiB");
  }
  // Fewer page faults on first touch; a hint, so a failure changes nothing.
  if (alignment == huge_page) (void)madvise(data_, rounded, MADV_HUGEPAGE);
}

Buffer::~Buffer() {
  std::free(data_);
}

}  // namespace impasto
