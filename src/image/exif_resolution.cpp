#include <algorithm>
#include <cmath>

#include "image/exif.h"
#include "image/resolution.h"
#include "image/tiff_stream.h"

namespace impasto::exif {

namespace {

constexpr uint16_t x_resolution = 0x011a, y_resolution = 0x011b, resolution_unit = 0x0128;
constexpr uint16_t short_type = 3, rational_type = 5;
constexpr uint16_t inch = 2, centimetre = 3;
constexpr uint64_t entry_bytes = 12, header = 8;

struct Entry {
  uint64_t place = 0;  ///< 0: there is none
  uint16_t type = 0;
};

Entry find(TiffStream& stream, uint16_t tag) {
  const uint64_t directory = stream.u32(4);
  const int count = stream.u16(directory);
  for (int i = 0; i < count; ++i) {
    const uint64_t place = directory + 2 + entry_bytes * static_cast<uint64_t>(i);
    if (!stream.inside(place, entry_bytes)) break;
    if (stream.u16(place) == tag && stream.u32(place + 4) == 1) {
      return {place, stream.u16(place + 2)};
    }
  }
  return {};
}

/// Where the two numbers of a fraction are; 0 when they are nowhere.
uint64_t fraction_of(TiffStream& stream, uint16_t tag) {
  const Entry entry = find(stream, tag);
  if (entry.place == 0 || entry.type != rational_type) return 0;
  const uint64_t place = stream.u32(entry.place + 8);
  return stream.inside(place, 8) ? place : 0;
}

double value_at(TiffStream& stream, uint64_t place) {
  const double below = place == 0 ? 0 : stream.u32(place + 4);
  return below == 0 ? 0 : stream.u32(place) / below;
}

/// Writes numbers into a block in its byte order.
class Writer {
 public:
  Writer(Bytes& block, bool little) : block_(block), little_(little) {}

  void put(uint64_t place, int size, uint32_t value) {
    for (int i = 0; i < size; ++i) {
      block_[place + static_cast<uint64_t>(little_ ? i : size - 1 - i)] =
          static_cast<uint8_t>(value >> (8 * i));
    }
  }
  void add(int size, uint32_t value) {
    block_.resize(block_.size() + static_cast<size_t>(size));
    put(block_.size() - static_cast<size_t>(size), size, value);
  }
  void put_fraction(uint64_t place, double value) {
    const bool whole = std::abs(value - std::round(value)) < 0.005;
    put(place, 4, static_cast<uint32_t>(std::lround(whole ? value : value * 1000)));
    put(place + 4, 4, whole ? 1 : 1000);
  }

 private:
  Bytes& block_;
  bool little_;
};

/// False where the block has no place for it, or one that is something else, too.
bool put_in_place(Bytes& block, Resolution resolution) {
  TiffStream stream(block);
  const uint64_t x = fraction_of(stream, x_resolution), y = fraction_of(stream, y_resolution);
  const Entry unit = find(stream, resolution_unit);
  if (x < header || y < header || unit.type != short_type) return false;
  Writer writer(block, stream.little());
  writer.put_fraction(x, resolution.x);
  writer.put_fraction(y, resolution.y);
  writer.put(unit.place + 8, 2, inch);
  const Resolution found = resolution_in(block);
  return std::abs(found.x - resolution.x) < 0.01 && std::abs(found.y - resolution.y) < 0.01;
}

/// The main directory again at the end of the block, with places for a resolution in its order.
void move_directory(Bytes& block) {
  TiffStream stream(block);
  const uint64_t old = stream.u32(4);
  struct Field {
    uint16_t tag;
    uint8_t bytes[entry_bytes];
  };
  std::vector<Field> fields;
  constexpr size_t most = 65'000;  // so that the new ones can be counted, too
  for (int i = 0, count = stream.u16(old); i < count && fields.size() < most; ++i) {
    const auto bytes = stream.run(old + 2 + entry_bytes * static_cast<uint64_t>(i), entry_bytes);
    if (bytes.empty()) break;
    Field field{TiffStream(block).u16(old + 2 + entry_bytes * static_cast<uint64_t>(i)), {}};
    std::copy(bytes.begin(), bytes.end(), field.bytes);
    if (field.tag == x_resolution || field.tag == y_resolution || field.tag == resolution_unit) {
      continue;
    }
    fields.push_back(field);
  }
  for (const uint16_t tag : {x_resolution, y_resolution, resolution_unit}) {
    fields.push_back({tag, {}});
  }
  std::stable_sort(fields.begin(), fields.end(),
                   [](const Field& a, const Field& b) { return a.tag < b.tag; });
  block.resize(block.size() + block.size() % 2);
  const size_t directory = block.size();
  const size_t values = directory + 2 + entry_bytes * fields.size() + 4;
  Writer writer(block, TiffStream(block).little());
  writer.add(2, static_cast<uint32_t>(fields.size()));
  for (const Field& field : fields) {
    const bool unit = field.tag == resolution_unit;
    if (!unit && field.tag != x_resolution && field.tag != y_resolution) {
      block.insert(block.end(), field.bytes, field.bytes + entry_bytes);
      continue;
    }
    writer.add(2, field.tag);
    writer.add(2, unit ? short_type : rational_type);
    writer.add(4, 1);
    const size_t value = values + (field.tag == y_resolution ? 8 : 0);
    writer.add(4, unit ? 0 : static_cast<uint32_t>(value));
  }
  writer.add(4, 0);
  block.resize(block.size() + 16);
  writer.put(4, 4, static_cast<uint32_t>(directory));
}

}  // namespace

Resolution resolution_in(std::span<const uint8_t> block) {
  TiffStream stream(block);
  if (!stream.good()) return {};
  const Entry unit = find(stream, resolution_unit);
  const int kind = unit.place == 0 ? inch : stream.u16(unit.place + 8);
  const double factor = kind == inch ? 1 : kind == centimetre ? 2.54 : 0;
  return told({factor * value_at(stream, fraction_of(stream, x_resolution)),
               factor * value_at(stream, fraction_of(stream, y_resolution))});
}

void set_resolution(Bytes& block, Resolution resolution) {
  if (block.empty()) block = {'I', 'I', '*', 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  if (put_in_place(block, resolution)) return;
  move_directory(block);
  put_in_place(block, resolution);
}

}  // namespace impasto::exif
