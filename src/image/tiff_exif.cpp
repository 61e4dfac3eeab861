#include <algorithm>

#include "image/exif.h"
#include "image/tiff_stream.h"

namespace impasto::exif {

namespace {

/// One field of a directory, its value little-endian; a pointer to a directory holds its fields.
struct Field {
  uint16_t tag = 0, type = 0;
  uint32_t count = 0;
  Bytes value;
  std::vector<Field> children;
};
using Directory = std::vector<Field>;

constexpr uint16_t exif_pointer = 0x8769, gps_pointer = 0x8825, interop_pointer = 0xa005;
constexpr uint16_t maker_note = 0x927c, iptc_records = 0x83bb;
/// The fields of the main directory that speak of the photograph, not of how its pixels are stored:
/// description, make, model, software, date, artist, copyright.
constexpr uint16_t descriptive[] = {0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b, 0x8298};

bool is_pointer(uint16_t tag) {
  return tag == exif_pointer || tag == gps_pointer || tag == interop_pointer;
}

bool is_portable(const Field& field) {
  return is_pointer(field.tag) || std::find(std::begin(descriptive), std::end(descriptive),
                                            field.tag) != std::end(descriptive);
}

/// Bytes of one number of a field type, and how many of them make one value; 0 when unknown.
struct TypeSize {
  int number, repeat;
};
TypeSize size_of_type(int type) {
  switch (type) {
    case 1:
    case 2:
    case 6:
    case 7:
      return {1, 1};
    case 3:
    case 8:
      return {2, 1};
    case 4:
    case 9:
    case 11:
    case 13:
      return {4, 1};
    case 5:
    case 10:
      return {4, 2};
    case 12:
      return {8, 1};
    default:
      return {0, 0};
  }
}

/// `budget` bounds the bytes that a hostile stream can make us keep by pointing at them again.
Directory read_directory(TiffStream& stream, uint64_t offset, int depth, int64_t& budget) {
  Directory result;
  const int count = stream.u16(offset);
  for (int i = 0; i < count && stream.good(); ++i) {
    const uint64_t entry = offset + 2 + 12ull * i;
    Field field{stream.u16(entry), stream.u16(entry + 2), stream.u32(entry + 4), {}, {}};
    const TypeSize unit = size_of_type(field.type);
    const uint64_t size = static_cast<uint64_t>(field.count) * unit.number * unit.repeat;
    const uint64_t place = size > 4 ? stream.u32(entry + 8) : entry + 8;
    budget -= static_cast<int64_t>(std::min<uint64_t>(size, 1u << 30)) + 16;
    if (budget < 0) break;
    if (size == 0 || !stream.inside(place, size) || field.tag == maker_note) continue;
    if (is_pointer(field.tag)) {
      if (depth < 2) {
        field.children = read_directory(stream, stream.u32(place), depth + 1, budget);
      }
      if (field.children.empty()) continue;
    } else {
      const auto bytes = stream.run(place, size);
      field.value.assign(bytes.begin(), bytes.end());
      for (auto at = field.value.begin(); !stream.little() && at != field.value.end();
           at += unit.number) {
        std::reverse(at, at + unit.number);
      }
    }
    result.push_back(std::move(field));
  }
  return result;
}

void put(Bytes& out, size_t offset, int size, uint64_t value) {
  for (int i = 0; i < size; ++i) out[offset + i] = static_cast<uint8_t>(value >> (8 * i));
}

void append(Bytes& out, int size, uint64_t value) {
  out.resize(out.size() + size);
  put(out, out.size() - size, size, value);
}

/// Appends the directory with all that it points to and returns its offset in a file in which `out`
/// stands at `base`, an even offset.
uint64_t append_directory(Bytes& out, size_t base, Directory fields) {
  std::stable_sort(fields.begin(), fields.end(),
                   [](const Field& a, const Field& b) { return a.tag < b.tag; });
  for (Field& field : fields) {
    if (is_pointer(field.tag)) {
      field.type = 4;
      field.count = 1;
      field.value.assign(4, 0);
      put(field.value, 0, 4, append_directory(out, base, std::move(field.children)));
    } else if (field.value.size() > 4) {
      out.resize(out.size() + out.size() % 2);  // values begin on even offsets
      const size_t offset = out.size();
      out.insert(out.end(), field.value.begin(), field.value.end());
      field.value.assign(4, 0);
      put(field.value, 0, 4, base + offset);
    }
    field.value.resize(4, 0);
  }
  out.resize(out.size() + out.size() % 2);
  const size_t offset = out.size();
  append(out, 2, fields.size());
  for (const Field& field : fields) {
    append(out, 2, field.tag);
    append(out, 2, field.type);
    append(out, 4, field.count);
    out.insert(out.end(), field.value.begin(), field.value.end());
  }
  append(out, 4, 0);
  return base + offset;
}

Directory portable_fields(std::span<const uint8_t> bytes) {
  TiffStream stream(bytes);
  int64_t budget = 1 << 20;
  Directory fields = read_directory(stream, stream.u32(4), 0, budget);
  std::erase_if(fields, [](const Field& field) { return !is_portable(field); });
  return fields;
}

}  // namespace

Bytes from_tiff(std::span<const uint8_t> file) {
  Directory fields = portable_fields(file);
  if (fields.empty()) return {};
  Bytes block = {'I', 'I', '*', 0, 0, 0, 0, 0};
  put(block, 4, 4, append_directory(block, 0, std::move(fields)));
  return block;
}

TiffTail tail_of_tiff(std::span<const uint8_t> file, std::span<const uint8_t> block,
                      std::span<const uint8_t> iptc) {
  TiffStream stream(file);
  Directory fields = portable_fields(block);
  if (!iptc.empty()) {  // as whole LONGs, by custom
    Field field{iptc_records, 4, static_cast<uint32_t>((iptc.size() + 3) / 4), {}, {}};
    field.value.assign(iptc.begin(), iptc.end());
    field.value.resize(size_t{4} * field.count);
    fields.push_back(std::move(field));
  }
  if (fields.empty() || !stream.good() || !stream.little() || file.size() > 0xfff00000u) return {};
  int64_t budget = static_cast<int64_t>(file.size()) * 2 + (1 << 20);
  Directory main = read_directory(stream, stream.u32(4), 0, budget);
  if (!stream.good()) return {};
  std::erase_if(main, is_portable);
  main.insert(main.end(), std::make_move_iterator(fields.begin()),
              std::make_move_iterator(fields.end()));
  TiffTail tail;
  tail.bytes.assign(file.size() % 2, 0);
  const size_t base = file.size() + tail.bytes.size();
  Bytes directories;
  const uint64_t offset = append_directory(directories, base, std::move(main));
  tail.bytes.insert(tail.bytes.end(), directories.begin(), directories.end());
  tail.pointer.resize(4);
  put(tail.pointer, 0, 4, offset);
  return tail;
}

void into_tiff(Bytes& file, std::span<const uint8_t> block, std::span<const uint8_t> iptc) {
  append(file, tail_of_tiff(file, block, iptc));
}

void append(Bytes& file, const TiffTail& tail) {
  if (tail.pointer.empty()) return;
  std::copy(tail.pointer.begin(), tail.pointer.end(), file.begin() + TiffTail::pointer_place);
  file.insert(file.end(), tail.bytes.begin(), tail.bytes.end());
}

}  // namespace impasto::exif
