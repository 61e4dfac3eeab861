#include "image/iptc.h"

#include <algorithm>
#include <string_view>

namespace impasto::iptc {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature = "Photoshop 3.0\0"sv;
constexpr std::string_view resource_signature = "8BIM"sv;
constexpr uint16_t iptc_resource = 0x0404;  // "IPTC-NAA record" of Photoshop's image resources
constexpr uint8_t record_marker = 0x1c;

bool starts_with(std::span<const uint8_t> bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::equal(text.begin(), text.end(), bytes.begin());
}

uint32_t big_endian(std::span<const uint8_t> bytes) {
  uint32_t value = 0;
  for (const uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

}  // namespace

Bytes records_in(std::span<const uint8_t> block) {
  if (!block.empty() && block[0] == record_marker) return {block.begin(), block.end()};
  if (block.size() % 4 == 0 && !block.empty() && block[3] == record_marker) {
    // A big-endian TIFF has them as LONGs, which libtiff turned.
    Bytes records(block.begin(), block.end());
    for (auto at = records.begin(); at != records.end(); at += 4) std::reverse(at, at + 4);
    return records;
  }
  if (starts_with(block, signature)) block = block.subspan(signature.size());
  // Each resource: signature, id, a name with its length (even together), size, bytes (even).
  while (starts_with(block, resource_signature) && block.size() > 6) {
    const uint32_t id = big_endian(block.subspan(4, 2));
    const size_t named = 6 + (block[6] + 2u) / 2 * 2;
    if (named + 4 > block.size()) break;
    const size_t size = big_endian(block.subspan(named, 4));
    block = block.subspan(named + 4);
    if (size > block.size()) break;
    if (id == iptc_resource && size > 0 && block[0] == record_marker) {
      return {block.begin(), block.begin() + static_cast<ptrdiff_t>(size)};
    }
    block = block.subspan(std::min(block.size(), size + size % 2));
  }
  return {};
}

Bytes photoshop_segment(std::span<const uint8_t> records) {
  Bytes segment(signature.begin(), signature.end());
  segment.insert(segment.end(), resource_signature.begin(), resource_signature.end());
  segment.insert(segment.end(), {iptc_resource >> 8, iptc_resource & 0xff, 0, 0});  // no name
  for (const int shift : {24, 16, 8, 0}) {
    segment.push_back(static_cast<uint8_t>(records.size() >> shift));
  }
  segment.insert(segment.end(), records.begin(), records.end());
  if (records.size() % 2 != 0) segment.push_back(0);
  return segment;
}

}  // namespace impasto::iptc
