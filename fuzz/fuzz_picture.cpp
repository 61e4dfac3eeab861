#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "impasto/error.h"
#include "impasto/image.h"

/// A file in memory.
class MemoryFile {
 public:
  MemoryFile(const uint8_t* data, size_t size) : file_(memfd_create("picture", 0)) {
    if (file_ < 0 || write(file_, data, size) != static_cast<ssize_t>(size)) std::abort();
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

/// Any file is read or refused with an Error; what was read is finite, no larger than was allowed,
/// and can be written with its metadata and read again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace impasto;
  const MemoryFile file(data, size);
  constexpr int64_t most = 1 << 18;
  try {
    read_recipe(file.path());
  } catch (const Error&) {
  }
  Image image;
  try {
    image = read_image(file.path(), {.max_pixels = most});
  } catch (const Error&) {
    return 0;
  }
  const int64_t pixels = int64_t{image.width()} * image.height();
  if (pixels < 1 || pixels > most) std::abort();
  if (!image.alpha.empty() && static_cast<int64_t>(image.alpha.size()) != pixels) std::abort();
  for (int64_t i = 0; i < 3 * pixels; ++i) {
    if (!std::isfinite(image.data()[i])) std::abort();
  }
  const std::vector<uint8_t> png = encode_png(image);
  const MemoryFile written(png.data(), png.size());
  const Image again = read_image(written.path(), {.max_pixels = most});
  if (again.width() != image.width() || again.height() != image.height()) std::abort();
  return 0;
}
