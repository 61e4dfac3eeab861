#include "image/jpeg_end.h"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>

namespace impasto::jpeg {

namespace {

constexpr uint8_t end[] = {0xff, JPEG_EOI};

struct Manager : jpeg_error_mgr {
  std::jmp_buf failed;
};

/// Whether libjpeg decodes all rows without a word.
bool is_whole(std::span<const uint8_t> file) {
  jpeg_decompress_struct decoder{};
  Manager manager{};
  decoder.err = jpeg_std_error(&manager);
  manager.error_exit = [](j_common_ptr info) {
    std::longjmp(static_cast<Manager*>(info->err)->failed, 1);
  };
  manager.emit_message = [](j_common_ptr info, int level) {
    if (level < 0) ++info->err->num_warnings;
  };
  if (setjmp(manager.failed) != 0) {  // nothing here has a destructor
    jpeg_destroy_decompress(&decoder);
    return false;
  }
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, file.data(), static_cast<unsigned long>(file.size()));
  jpeg_read_header(&decoder, TRUE);
  jpeg_start_decompress(&decoder);
  const JDIMENSION samples =
      decoder.output_width * static_cast<JDIMENSION>(decoder.output_components);
  JSAMPARRAY row =
      decoder.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&decoder), JPOOL_IMAGE, samples, 1);
  while (decoder.output_scanline < decoder.output_height) jpeg_read_scanlines(&decoder, row, 1);
  const bool whole = manager.num_warnings == 0;
  jpeg_destroy_decompress(&decoder);
  return whole;
}

}  // namespace

bool lacks_end(std::span<const uint8_t> file) {
  constexpr uint8_t start_of_scan = 0xda;
  if (file.size() < 4 || std::memcmp(file.data() + file.size() - 2, end, 2) == 0) return false;
  // Segments: a marker, and a size that counts itself. Thumbnails inside of them have ends, too.
  size_t at = 2;
  while (at + 4 <= file.size() && file[at] == 0xff && file[at + 1] != start_of_scan) {
    at += file[at + 1] == 0xff ? 1 : 2 + (size_t{file[at + 2]} << 8 | file[at + 3]);
  }
  if (at + 4 > file.size() || file[at] != 0xff) return false;
  return memmem(file.data() + at, file.size() - at, end, 2) == nullptr;
}

std::vector<uint8_t> with_end(std::span<const uint8_t> file) {
  std::vector<uint8_t> ended(file.begin(), file.end());
  ended.insert(ended.end(), std::begin(end), std::end(end));
  return is_whole(ended) ? ended : std::vector<uint8_t>();
}

}  // namespace impasto::jpeg
