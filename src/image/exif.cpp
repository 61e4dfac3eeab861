#include "image/exif.h"

#include "image/tiff_stream.h"

namespace impasto::exif {

namespace {

enum Tag : uint16_t {
  orientation = 0x0112,
  exif_directory = 0x8769,
  color_space = 0xa001,
  pixel_width = 0xa002,
  pixel_height = 0xa003,
};

/// Offset of the 12-byte entry of `tag` in the directory at `directory`; 0 when there is none.
uint64_t find_entry(TiffStream& stream, uint64_t directory, Tag tag) {
  const int count = directory == 0 ? 0 : stream.u16(directory);
  for (int i = 0; i < count; ++i) {
    const uint64_t entry = directory + 2 + 12ull * i;
    if (stream.inside(entry, 12) && stream.u16(entry) == tag) return entry;
  }
  return 0;
}

void put(Bytes& block, uint64_t offset, int size, bool little, uint32_t value) {
  for (int i = 0; i < size; ++i) {
    block[offset + (little ? i : size - 1 - i)] = static_cast<uint8_t>(value >> (8 * i));
  }
}

/// Sets an entry of one number (SHORT or LONG) that exists already.
void set(Bytes& block, uint64_t directory, Tag tag, uint32_t value) {
  TiffStream stream(block);
  const uint64_t entry = find_entry(stream, directory, tag);
  if (entry == 0 || stream.u32(entry + 4) != 1) return;
  const int type = stream.u16(entry + 2);
  if (type == 3) put(block, entry + 8, 2, stream.little(), value);
  if (type == 4) put(block, entry + 8, 4, stream.little(), value);
}

uint64_t main_directory(const Bytes& block) {
  return TiffStream(block).u32(4);
}

uint64_t exposure_directory(const Bytes& block) {
  TiffStream stream(block);
  const uint64_t entry = find_entry(stream, stream.u32(4), exif_directory);
  return entry == 0 ? 0 : stream.u32(entry + 8);
}

/// Forgets the second directory, which describes the thumbnail.
void cut_thumbnail(Bytes& block) {
  TiffStream stream(block);
  const uint64_t directory = stream.u32(4);
  const uint64_t next = directory + 2 + 12ull * stream.u16(directory);
  if (stream.good() && stream.inside(next, 4)) put(block, next, 4, stream.little(), 0);
}

}  // namespace

Bytes normalised(std::span<const uint8_t> block) {
  static constexpr uint8_t jpeg_prefix[] = {'E', 'x', 'i', 'f', 0, 0};
  if (block.size() >= 6 && std::memcmp(block.data(), jpeg_prefix, 6) == 0) block = block.subspan(6);
  Bytes result(block.begin(), block.end());
  if (!TiffStream(result).good() || !TiffStream(result).inside(main_directory(result), 2))
    return {};
  set(result, main_directory(result), orientation, 1);
  set(result, exposure_directory(result), color_space, 1);
  cut_thumbnail(result);
  return result;
}

void set_size(Bytes& block, int width, int height) {
  set(block, exposure_directory(block), pixel_width, static_cast<uint32_t>(width));
  set(block, exposure_directory(block), pixel_height, static_cast<uint32_t>(height));
}

void set_uncalibrated(Bytes& block) {
  set(block, exposure_directory(block), color_space, 0xffff);
}

}  // namespace impasto::exif
